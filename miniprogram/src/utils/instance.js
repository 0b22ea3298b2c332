/** A request and its way through approval, as data ready for the template. */
const acts = require("./acts");
const { moment } = require("./format");
const { formOf } = require("./places");
const { FORM_STATES, REASONS, STATES, STEPS } = require("./words");

/** @typedef {{at: number, text: string}} Cell */
/** @typedef {{order: number, label: string, value: string, head: Cell[], rows: {at: number, cells: Cell[]}[], files: {id: string, name: string}[]}} Line */

/**
 * What the subject says of itself, as lines.
 * @param {[string, string][]} rows
 * @returns {Line[]}
 */
function said(rows) {
  return rows.map(([label, value], order) => ({ order, label, value, head: [], rows: [], files: [] }));
}

/** @param {string[]} texts */
function cells(texts) {
  return texts.map((text, at) => ({ at, text }));
}

/**
 * The fields of a form that its reader may see, as lines; a table has heads and rows, files have names.
 * @param {any} form the server's RequestDetail of forms
 * @returns {Line[]}
 */
function filed(form) {
  const fields = form.sections.reduce((/** @type {any[]} */ all, /** @type {any} */ section) => all.concat(section.fields), []);
  return fields.map((/** @type {any} */ one, /** @type {number} */ order) => ({
    order,
    label: one.title,
    value: one.text,
    head: cells(one.head),
    rows: one.rows.map((/** @type {string[]} */ row, /** @type {number} */ at) => ({ at, cells: cells(row) })),
    files: one.files.map((/** @type {[string, string]} */ [id, name]) => ({ id, name })),
  }));
}

/** @param {any[]} steps the server's StepViews */
function shownSteps(steps) {
  return steps.map((step, order) => {
    const state = STEPS[/** @type {keyof typeof STEPS} */ (step.state)];
    const way = step.approvers.length > 1 && step.mode !== "or_sign" ? `（${step.way}）` : "";
    const note = (step.notes || []).join("；");
    return { order, name: step.name, who: step.approvers.join("、") + way, note, tag: state.title, tone: state.tone };
  });
}

/** @param {any} precedents the server's Precedents, or nothing */
function shownPrecedents(precedents) {
  if (!precedents || !precedents.decided) {
    return "";
  }
  const { decided, approved, rejected, since } = precedents;
  return `这一环节自${moment(since)}起最近 ${decided} 次同类申请：同意 ${approved}，驳回 ${rejected}`;
}

/**
 * Where its applicant changes, withdraws or repeats it.
 * @param {any} instance
 * @param {any} form
 * @param {boolean} isMine
 */
function own(instance, form, isMine) {
  const id = instance.subject_id;
  return {
    leave: isMine && instance.subject === "leave" ? `/pages/leave/request/index?id=${id}` : "",
    change: form && form.may_change ? `/pages/forms/fill/index?change=${form.id}` : "",
    repeat: form && form.is_mine ? `/pages/forms/fill/index?code=${form.code}&like=${form.id}` : "",
  };
}

/**
 * @param {any} instance the server's InstanceDetail
 * @param {any} form the server's RequestDetail of forms, when it is one
 * @param {any} precedents
 * @param {boolean} isMine
 */
function shown(instance, form, precedents, isMine) {
  const state = form
    ? FORM_STATES[/** @type {keyof typeof FORM_STATES} */ (form.state)]
    : STATES[/** @type {keyof typeof STATES} */ (instance.state)];
  return {
    instance: { ...instance, tag: state.title, tone: state.tone, waits: instance.waiting_for.join("、"), when: moment(instance.started_at) },
    lines: form ? filed(form) : said(instance.rows),
    steps: shownSteps(instance.steps),
    papers: instance.history.filter((/** @type {any} */ one) => one.file_id),
    precedents: shownPrecedents(precedents),
    acts: acts.offered(instance),
    reasons: formOf(instance.subject) || instance.subject !== "leave" ? REASONS.other : REASONS.leave,
    own: own(instance, form, isMine || instance.may_urge),
    mayWithdraw: Boolean(form && form.may_change),
  };
}

module.exports = { shown };
