/** A form of the product as data: what was typed, and what of it is drawn. Nothing here asks the server. */

/** @typedef {Record<string, any>} Typed what stands in the fields, by their names */
/**
 * @typedef {object} Place where something was typed
 * @property {string} name the field
 * @property {string} [part] of a span: from, from_half, to, to_half
 * @property {number} [row] of a table
 * @property {string} [column] of a table
 */

const MISSING = "必填";
const UNITS = { money: "元" };
const HALVES = ["am", "pm"];
const USUAL = { from_half: "am", to_half: "pm" };
/** What is typed in a line, by the keyboard that it wants. */
const LINES = { text: "text", person: "text", number: "digit", money: "digit" };

/**
 * @param {Typed} typed
 * @param {string} name
 * @param {any} value
 */
function put(typed, name, value) {
  const others = Object.fromEntries(Object.entries(typed).filter(([known]) => known !== name));
  const isEmpty = !value || (typeof value === "object" && !Object.keys(value).length);
  return isEmpty ? others : { ...others, [name]: value };
}

/**
 * What is typed once this was written; what is empty is left out.
 * @param {Typed} typed
 * @param {Place} place
 * @param {any} value
 * @returns {Typed}
 */
function written(typed, { name, part, row, column }, value) {
  if (part) {
    return put(typed, name, put(typed[name] || {}, part, value));
  }
  if (column !== undefined && row !== undefined) {
    const rows = (typed[name] || [{}]).slice();
    rows[row] = put(rows[row] || {}, column, value);
    return put(typed, name, rows);
  }
  return put(typed, name, value);
}

/**
 * With one row more, or without this one.
 * @param {Typed} typed
 * @param {string} name
 * @param {number} [gone]
 */
function rowed(typed, name, gone) {
  const rows = typed[name] || [{}];
  const changed = gone === undefined ? rows.concat({}) : rows.filter((/** @type {any} */ _, /** @type {number} */ at) => at !== gone);
  return put(typed, name, changed);
}

/**
 * What a field of plain values needs to be drawn.
 * @param {any} one the server's ColumnOut or InputOut
 * @param {any} value
 */
function control(one, value) {
  const unit = UNITS[/** @type {keyof typeof UNITS} */ (one.type)] || one.unit || "";
  const options = one.options || [];
  return {
    name: one.name,
    title: unit ? `${one.title}（${unit}）` : one.title,
    type: one.type,
    keyboard: LINES[/** @type {keyof typeof LINES} */ (one.type)] || "",
    must: one.is_required,
    options,
    at: options.indexOf(value),
    value: value || "",
  };
}

/**
 * The two ends of a span.
 * @param {any} one
 * @param {Typed} value
 */
function ends(one, value) {
  const isHalf = one.type === "half_days";
  return ["from", "to"].map((end) => {
    const half = /** @type {"from_half" | "to_half"} */ (`${end}_half`);
    return {
      end,
      half,
      title: end === "from" ? one.title : "至",
      label: `${one.title}${end === "from" ? "开始" : "结束"}`,
      day: value[end] || "",
      isHalf,
      halfAt: HALVES.indexOf(value[half] || USUAL[half]),
    };
  });
}

/**
 * The rows of a table; there is always one to write in.
 * @param {any} one
 * @param {Typed[]} rows
 * @param {Record<string, string>} problems
 */
function lines(one, rows, problems) {
  const columns = one.columns.filter((/** @type {any} */ column) => !column.formula);
  return (rows.length ? rows : [{}]).map((row, at) => ({
    at,
    cells: columns.map((/** @type {any} */ column) => ({
      ...control(column, row[column.name]),
      problem: problems[`${one.name}.${at + 1}.${column.name}`] || "",
    })),
  }));
}

/**
 * @typedef {object} Stand a form as it stands: the server's FillOut, with what was typed since
 * @property {any} form
 * @property {Typed} typed
 * @property {Record<string, string>} files names by id
 * @property {[string, string][]} departments
 * @property {any} preview
 */

/**
 * The fields that apply, ready for the template. A missing field is a fault only once somebody has tried to submit.
 * @param {Stand} stand
 * @param {boolean} hasTried
 */
function drawn(stand, hasTried) {
  const problems = problemsOf(stand.preview.faults, hasTried);
  return stand.form.fields
    .filter((/** @type {any} */ one) => !one.formula && stand.preview.shown.includes(one.name))
    .map((/** @type {any} */ one) => field(one, stand, problems));
}

/**
 * What a field needs besides, by its type.
 * @type {Record<string, (one: any, value: any, stand: Stand, problems: Record<string, string>) => Record<string, any>>}
 */
const MORE = {
  dates: (one, value = {}) => ({ ends: ends(one, value) }),
  half_days: (one, value = {}) => ({ ends: ends(one, value) }),
  choices: (one, value = []) => ({
    ticks: one.options.map((/** @type {string} */ title) => ({ title, isOn: value.includes(title) })),
  }),
  department: (_one, value, { departments }) => ({
    ids: departments,
    options: departments.map(([, title]) => title),
    at: departments.findIndex(([id]) => id === value),
  }),
  files: (_one, value = [], { files }) => ({ files: value.map((/** @type {string} */ id) => ({ id, name: files[id] || "附件" })) }),
  table: (one, value = [], _stand, problems) => ({ rows: lines(one, value, problems) }),
};

/**
 * @param {any} one
 * @param {Stand} stand
 * @param {Record<string, string>} problems
 */
function field(one, stand, problems) {
  const value = stand.typed[one.name];
  const more = MORE[one.type];
  return { ...control(one, value), hint: one.help, problem: problems[one.name] || "", ...(more && more(one, value, stand, problems)) };
}

/**
 * @param {{name: string, sentence: string}[]} faults
 * @param {boolean} hasTried
 * @returns {Record<string, string>}
 */
function problemsOf(faults, hasTried) {
  const told = faults.filter(({ sentence }) => hasTried || sentence !== MISSING);
  return Object.fromEntries(told.map(({ name, sentence }) => [name, sentence]));
}

/**
 * What the form comes to: figures, who would approve and why they are asked, whom to choose, what stands against it.
 * @param {any} preview the server's PreviewOut
 * @param {Record<string, string[]>} choices ids or names, by the name of the step
 */
function outcome({ computed, rows, steps, faults, refusal }, choices) {
  const pair = (/** @type {[string, string]} */ [label, value], /** @type {number} */ order) => ({ order, label, value });
  return {
    figures: computed.concat(rows).map(pair),
    steps: steps.map((/** @type {any} */ step, /** @type {number} */ order) => shownStep(step, order, choices[step.name] || [])),
    refusal: faults.length ? "" : refusal || "",
    isOpen: Boolean(faults.length),
  };
}

/**
 * A step that is still to come: whom it asks, how it is passed, who stands in, whom the applicant has to choose.
 * @param {any} step the server's StepView
 * @param {number} order
 * @param {string[]} [chosen]
 */
function shownStep(step, order, chosen = []) {
  return {
    order,
    name: step.name,
    note: [step.approvers.length > 1 && step.way, ...(step.notes || [])].filter(Boolean).join("；"),
    who: step.approvers.join("、") || (step.kind === "approve" ? "无人可审批" : ""),
    isSkipped: step.state === "skipped",
    ...choice(step.choosing, chosen),
  };
}

/**
 * Whom the applicant has to choose, if anybody.
 * @param {any} choosing the server's Choosing, or nothing
 * @param {string[]} chosen
 */
function choice(choosing, [chosen = ""]) {
  if (!choosing) {
    return { mustChoose: false };
  }
  const { is_anybody: isAnybody, candidates } = choosing;
  const at = candidates.findIndex((/** @type {any} */ one) => one.id === chosen);
  return { mustChoose: true, isAnybody, candidates, at, chosen };
}

module.exports = { HALVES, written, rowed, drawn, outcome, shownStep };
