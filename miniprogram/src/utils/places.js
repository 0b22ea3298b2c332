/** Where each kind of request is asked for, and where one of them is shown; what has no screen here opens as a page. */
const FORM = "form:";
const NEW = {
  leave: "/pages/leave/new/index",
  correction: web("/h5/attendance/corrections/new"),
};

/** @param {string} path of the product */
function web(path) {
  return `/pages/web/index?path=${encodeURIComponent(path)}`;
}

/**
 * The code of the form that a subject is; empty when it is another kind of request.
 * @param {string} subject what approvals call it
 */
function formOf(subject) {
  return subject.startsWith(FORM) ? subject.slice(FORM.length) : "";
}

/**
 * The page on which it is asked for.
 * @param {string} subject
 */
function beginning(subject) {
  const code = formOf(subject);
  return code ? `/pages/forms/fill/index?code=${code}` : NEW[/** @type {keyof typeof NEW} */ (subject)] || web("/h5/catalogue");
}

module.exports = { web, formOf, beginning };
