const { refused } = require("./problem");
const session = require("./session");
const transport = require("./transport");

/** Every operation of the product that is used here: method and path below /api/v1. A test holds it against the document. */
const OPERATIONS = {
  home: "GET /me/home",
  catalogue: "GET /catalogue",
  beginForm: "GET /forms/{code}/fill",
  previewForm: "POST /forms/{code}/preview",
  submitForm: "POST /forms/{code}/requests",
  saveFormDraft: "POST /forms/{code}/drafts",
  formDrafts: "GET /forms/drafts",
  dropFormDraft: "DELETE /forms/drafts/{draft_id}",
  attachToForm: "POST /forms/files",
  formRequest: "GET /forms/requests/{request_id}",
  fillChange: "POST /forms/requests/{request_id}/fill",
  changeForm: "PUT /forms/requests/{request_id}",
  withdrawForm: "POST /forms/requests/{request_id}/withdraw",
  formFile: "GET /forms/requests/{request_id}/files/{file_id}",
  stepUpState: "GET /session/step-up",
  stepUp: "POST /session/step-up",
  setPin: "PUT /session/step-up/pin",
  leaveKinds: "GET /leave/kinds",
  previewLeave: "GET /leave/preview",
  applyForLeave: "POST /leave/requests",
  editLeave: "PUT /leave/requests/{request_id}",
  leaveForm: "GET /leave/form",
  leaveFormOf: "GET /leave/requests/{request_id}/form",
  whyNot: "GET /leave/why-not",
  addProof: "POST /leave/requests/{request_id}/proof",
  leaveProof: "GET /leave/requests/{request_id}/proof",
  leaveDrafts: "GET /leave/drafts",
  leaveDraft: "GET /leave/drafts/{draft_id}",
  saveLeaveDraft: "POST /leave/drafts",
  dropLeaveDraft: "DELETE /leave/drafts/{draft_id}",
  leaveRequests: "GET /leave/requests",
  leaveRequest: "GET /leave/requests/{request_id}",
  leaveTimeline: "GET /leave/requests/{request_id}/timeline",
  withdrawLeave: "POST /leave/requests/{request_id}/withdraw",
  cancelLeave: "POST /leave/requests/{request_id}/cancel",
  leaveParts: "GET /leave/requests/{request_id}/part",
  leaveRefund: "GET /leave/requests/{request_id}/refund",
  charge: "GET /leave/requests/{request_id}/charge",
  balances: "GET /leave/balances",
  why: "GET /leave/why",
  forecast: "GET /leave/forecast",
  planner: "GET /leave/planner",
  calendar: "GET /leave/calendar",
  covers: "GET /leave/covers",
  cover: "GET /leave/covers/{covered_id}",
  answerCover: "POST /leave/covers/{covered_id}",
  tasks: "GET /approvals/tasks",
  mine: "GET /approvals/mine",
  instance: "GET /approvals/instances/{instance_id}",
  receipt: "GET /approvals/instances/{instance_id}/receipt",
  approvalPaper: "GET /approvals/instances/{instance_id}/papers/{file_id}",
  precedents: "GET /approvals/tasks/{task_id}/precedents",
  decide: "POST /approvals/tasks/{task_id}/decision",
  decideMany: "POST /approvals/tasks/decisions",
  sendBack: "POST /approvals/tasks/{task_id}/return",
  transfer: "POST /approvals/tasks/{task_id}/transfer",
  addSigner: "POST /approvals/tasks/{task_id}/signers",
  askApplicant: "POST /approvals/tasks/{task_id}/question",
  urge: "POST /approvals/instances/{instance_id}/urge",
  comment: "POST /approvals/instances/{instance_id}/comments",
  answer: "POST /approvals/instances/{instance_id}/answer",
  sendAgain: "POST /approvals/instances/{instance_id}/resubmit",
  delegations: "GET /approvals/delegations",
  delegate: "POST /approvals/delegations",
  revokeDelegation: "DELETE /approvals/delegations/{delegation_id}",
  today: "GET /attendance/today",
  punch: "POST /attendance/punches",
  payslips: "GET /payroll/payslips",
  payslip: "GET /payroll/payslips/{payslip_id}",
  confirmPayslip: "POST /payroll/payslips/{payslip_id}/confirm",
  notices: "GET /notices",
  notice: "GET /notices/{notice_id}",
  openNotice: "POST /notices/{notice_id}/open",
  confirmNotice: "POST /notices/{notice_id}/confirm",
};
const GONE = "文件打不开：可能已被删除，或您无权查看";
const KEY_LIVES_MS = 10 * 60 * 1000;
const LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";

/** @typedef {keyof typeof OPERATIONS} Operation */
/**
 * @typedef {object} Wish
 * @property {string} [id] what stands in the path's braces
 * @property {string} [part] what stands in its second braces
 * @property {Record<string, any>} [query] empty values are left out
 * @property {Record<string, any>} [body]
 * @property {string} [file] a local file that goes with the body
 * @property {string} [fileField]
 */

/**
 * Calls the product as whoever holds the phone. A session that has ended is renewed once and the call repeated.
 * @param {Operation} operation
 * @param {Wish} [wish]
 * @returns {Promise<any>} the answer's body; anything but a success is thrown as a `Problem`
 */
async function call(operation, wish = {}) {
  const ask = asking(operation, wish);
  const key = ask.method === "GET" ? "" : keyFor(ask);
  const token = session.token() || (await session.renew());
  let answer = await transport.send(signed(ask, token, key));
  if (answer.status === 401) {
    answer = await transport.send(signed(ask, await session.renew(token), key));
  }
  if (answer.status < 500) {
    pending.delete(nameOf(ask));
  }
  if (answer.status >= 400) {
    throw refused(answer.status, answer.body);
  }
  return answer.body;
}

/**
 * Fetches a file as whoever holds the phone.
 * @param {Operation} operation
 * @param {Wish} wish
 * @returns {Promise<string>} where it lies on the phone, for this run of the mini-program
 */
async function fetchFile(operation, wish) {
  const ask = asking(operation, wish);
  const token = session.token() || (await session.renew());
  let answer = await transport.download(signed(ask, token, ""));
  if (answer.status === 401) {
    answer = await transport.download(signed(ask, await session.renew(token), ""));
  }
  if (answer.status >= 400) {
    throw refused(answer.status, { title: GONE });
  }
  return answer.body;
}

/**
 * @param {Operation} operation
 * @param {Wish} wish
 * @returns {transport.Ask}
 */
function asking(operation, { id = "", part = "", query = {}, body, file, fileField }) {
  const [method, template] = OPERATIONS[operation].split(" ");
  const names = [id, part];
  const path = template.replace(/\{\w+\}/g, () => encodeURIComponent(names.shift() || "")) + written(query);
  return { method: /** @type {transport.Ask["method"]} */ (method), path, body, file, fileField };
}

/** @param {Record<string, any>} query a list is written once for each of its values */
function written(query) {
  const given = Object.entries(query)
    .reduce((/** @type {[string, any][]} */ all, [name, value]) => all.concat([].concat(value).map((one) => [name, one])), [])
    .filter(([, value]) => value !== undefined && value !== null && value !== "");
  return given.length ? `?${given.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&")}` : "";
}

/**
 * @param {transport.Ask} ask
 * @param {string} token
 * @param {string} key
 */
function signed(ask, token, key) {
  return { ...ask, headers: { Authorization: `Bearer ${token}`, ...(key && { "Idempotency-Key": key }) } };
}

/**
 * Keys of writes whose answer has not arrived. When the answer is lost and the same wish is sent again, it goes under
 * the same key and is carried out once.
 * @type {Map<string, {key: string, at: number}>}
 */
const pending = new Map();

/** @param {transport.Ask} ask */
function keyFor(ask) {
  const name = nameOf(ask);
  const kept = pending.get(name);
  if (kept && Date.now() - kept.at < KEY_LIVES_MS) {
    return kept.key;
  }
  const key = newKey();
  pending.set(name, { key, at: Date.now() });
  return key;
}

/** @param {transport.Ask} ask */
function nameOf({ method, path, body, file }) {
  return JSON.stringify([method, path, body, file]);
}

/** A name for one act: 24 letters and digits. It tells acts apart and proves nothing, so chance is good enough. */
function newKey() {
  return Array.from({ length: 24 }, () => LETTERS[Math.floor(Math.random() * LETTERS.length)]).join("");
}

module.exports = { OPERATIONS, call, fetchFile, newKey };
