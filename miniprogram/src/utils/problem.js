const OFFLINE = "网络连接不上，请检查网络后再试";
const SILENT = "服务暂时没有响应，请稍后再试";

/**
 * A refusal of the server (problem+json), or no answer at all (`status` 0). `title` is a sentence for people.
 */
class Problem extends Error {
  /**
   * @param {string} title
   * @param {number} status HTTP status, 0 when nothing came back
   * @param {string} code the last part of the problem's type, such as "step_up_required"
   * @param {{field: string, message: string, label?: string}[]} errors what is wrong with which field
   */
  constructor(title, status = 0, code = "", errors = []) {
    super(title);
    this.title = title;
    this.status = status;
    this.code = code;
    this.errors = errors;
  }

  /** The message of each named field, for showing beside it. */
  get fields() {
    return Object.fromEntries(this.errors.filter(({ field }) => field).map(({ field, message }) => [field, message]));
  }

  /** Everything that is wrong, as one sentence: what concerns no single field says more than the title. */
  get sentence() {
    const parts = this.errors.map(({ label, field, message }) => (field ? `${label || field}${message}` : message));
    return parts.length ? parts.join("；") : this.title;
  }
}

/** Nothing came back: the request may or may not have been carried out. */
function offline() {
  return new Problem(OFFLINE);
}

/**
 * What an answer that is no success says; a proxy's HTML page says nothing we could show.
 * @param {number} status
 * @param {any} body
 */
function refused(status, body) {
  if (!body || typeof body.title !== "string") {
    return new Problem(SILENT, status);
  }
  const code = String(body.type || "").replace("/problems/", "");
  return new Problem(body.title, status, code, Array.isArray(body.errors) ? body.errors : []);
}

module.exports = { Problem, offline, refused };
