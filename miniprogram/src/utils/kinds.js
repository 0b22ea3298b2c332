const api = require("./api");

/**
 * The kinds of request to filter by, first all of them; none when they cannot be had, for lists do without.
 * @returns {Promise<{subject: string, title: string}[]>}
 */
async function kinds() {
  const groups = await api.call("catalogue").catch(() => []);
  const entries = groups.reduce((/** @type {any[]} */ all, /** @type {any} */ group) => all.concat(group.entries), []);
  return [{ subject: "", title: "全部" }].concat(entries.map((/** @type {any} */ { subject, title }) => ({ subject, title })));
}

module.exports = { kinds };
