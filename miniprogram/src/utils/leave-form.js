/** The form of leave as data: what a kind asks, what a draft or a request before says, what is sent. */
const { shownStep } = require("./form");
const { day } = require("./format");

/**
 * When, as the API wants it: the same for a preview and for the request.
 * @param {any} data
 */
function plan({ kinds, kindIndex, firstDay, lastDay, fromHalf, toHalf, byHour, isDaily, fromTime, toTime, told, links }) {
  const days = { kind: kinds[kindIndex].code, first_day: firstDay, ...told, ...links };
  return byHour
    ? { ...days, last_day: isDaily ? lastDay : firstDay, from_time: fromTime, to_time: toTime }
    : { ...days, last_day: lastDay, from_half: fromHalf, to_half: toHalf };
}

/**
 * The whole form, as it is submitted, changed or kept; what is empty is not sent.
 * @param {any} data
 */
function whole(data) {
  const { reason, cover } = data;
  return { ...plan(data), reason, ...(cover.trim() && { cover: cover.trim() }) };
}

/** @param {any} preview the server's PreviewOut */
function shownPreview(preview) {
  return {
    ...preview,
    days: preview.portions.map((/** @type {any} */ portion) => day(portion.day)).join("、"),
    steps: (preview.steps || []).map((/** @type {any} */ step, /** @type {number} */ order) => shownStep(step, order)),
  };
}

/**
 * Why it is refused, for people: the rule, where it comes from, what it looked at.
 * @param {any} answer the server's WhyNotOut
 */
function shownWhy({ refusal, rule, source, rules_version: version, figures }) {
  const from = source ? `，依据${source}` : "";
  return refusal && rule ? { rule: `${rule}${from}（第 ${version} 版）`, figures } : null;
}

/**
 * What the form asks of the occasion, each field with the words of its choices and what was told before.
 * @param {any} kind the server's KindOut
 * @param {Record<string, any>} told
 */
function asked(kind, told) {
  return (kind.asks || []).map((/** @type {any} */ one) => {
    const value = told[one.name];
    const option = one.options.find((/** @type {string[]} */ [code]) => code === value);
    return { ...one, titles: one.options.map((/** @type {string[]} */ [, title]) => title), shown: option ? option[1] : value || "" };
  });
}

/**
 * What was told before of what this kind asks; nothing else belongs to it.
 * @param {any} kind
 * @param {Record<string, any>} form
 */
function toldOf(kind, form) {
  const names = (kind.asks || []).map((/** @type {any} */ one) => one.name);
  return Object.fromEntries(Object.entries(form).filter(([name, value]) => names.includes(name) && value));
}

/**
 * What a choice of the kind means for the form; whether it is allowed is for the server to say.
 * @param {any} kind the server's KindOut
 * @param {Record<string, any>} [form] what was told before
 */
function choices(kind, form = {}) {
  const told = toldOf(kind, form);
  return {
    hasHalves: kind.unit !== "day",
    hasHours: kind.unit === "hour",
    hasProof: kind.proof_after_days !== null,
    isDaily: Boolean(kind.is_daily),
    asks: asked(kind, told),
    told,
    proofName: kind.proof_name,
    source: kind.source,
    ...(kind.unit === "day" && { fromHalf: "am", toHalf: "pm" }),
    ...(kind.unit !== "hour" && { byHour: false }),
    ...(kind.proof_after_days === null && { proof: null }),
  };
}

/**
 * The form as it begins: of this kind, on these days, linked to the leave it goes on with or moves.
 * @param {any[]} kinds the server's KindOut
 * @param {any} form the server's Chosen
 * @param {string} today
 */
function begun(kinds, form, today) {
  const kindIndex = Math.max(0, kinds.findIndex(({ code }) => code === form.kind));
  const firstDay = form.first_day || today;
  const lastDay = form.last_day || firstDay;
  return {
    kindIndex,
    ...days(firstDay, lastDay),
    ...halves(form),
    ...times(form),
    ...choices(kinds[kindIndex], form),
    links: links(form),
    reason: form.reason || "",
    cover: form.cover || "",
  };
}

/**
 * @param {string} firstDay
 * @param {string} lastDay
 */
function days(firstDay, lastDay) {
  return { firstDay, lastDay, firstDayText: day(firstDay), lastDayText: day(lastDay) };
}

/** @param {any} form */
function halves({ from_half: fromHalf, to_half: toHalf }) {
  return { fromHalf: fromHalf || "am", toHalf: toHalf || "pm" };
}

/** @param {any} form */
function times({ from_time: fromTime, to_time: toTime }) {
  return fromTime ? { byHour: true, fromTime, toTime } : { byHour: false };
}

/** @param {any} form */
function links({ extends: before, replaces }) {
  return { ...(before && { extends: before }), ...(replaces && { replaces }) };
}

module.exports = { plan, whole, shownPreview, shownWhy, choices, begun, days };
