const api = require("./api");
const { Problem } = require("./problem");

/** What every page that shows the server's answer starts with; `status` is loading, ready or error. */
const INITIAL = { status: "loading", problem: "", busy: false };
/** The same for a list that is fetched page by page. */
const LIST = { ...INITIAL, items: /** @type {any[]} */ ([]), cursor: "" };

/** @typedef {{data: any, setData(changes: Record<string, any>): void}} Screen */

/**
 * The newest fetch of each page: an older one that answers late is not shown.
 * @type {WeakMap<Screen, number>}
 */
const turns = new WeakMap();

/** @param {Screen} page */
function turn(page) {
  const mine = (turns.get(page) || 0) + 1;
  turns.set(page, mine);
  return () => turns.get(page) === mine;
}

/** @param {unknown} error */
function problemOf(error) {
  if (error instanceof Problem) {
    return error;
  }
  throw error;
}

/**
 * Fetches and shows what a page is about. What is shown already stays when fetching it again fails.
 * @param {Screen} page
 * @param {() => Promise<Record<string, any>>} fetch what to put into the page's data
 * @returns {Promise<Problem | null>} why it did not work
 */
async function show(page, fetch) {
  const isNewest = turn(page);
  try {
    const shown = await fetch();
    if (isNewest()) {
      page.setData({ ...shown, status: "ready", problem: "" });
    }
    return null;
  } catch (error) {
    const problem = problemOf(error);
    if (isNewest()) {
      tell(page, problem);
    }
    return problem;
  } finally {
    wx.stopPullDownRefresh();
  }
}

/**
 * @param {Screen} page
 * @param {Problem} problem
 */
function tell(page, problem) {
  if (page.data.status === "ready") {
    toast(problem.sentence);
  } else {
    page.setData({ status: "error", problem: problem.sentence });
  }
}

/**
 * Shows the first page of a list.
 * @param {Screen} page
 * @param {api.Operation} operation
 * @param {Record<string, any>} query
 * @param {(item: any) => any} shape what the template needs of an item
 */
function showList(page, operation, query, shape) {
  return show(page, async () => {
    const { items, next_cursor: cursor } = await api.call(operation, { query });
    return { items: items.map(shape), cursor: cursor || "" };
  });
}

/**
 * Adds the next page of a list, if there is one.
 * @param {Screen} page
 * @param {api.Operation} operation
 * @param {Record<string, any>} query
 * @param {(item: any) => any} shape
 */
async function showMore(page, operation, query, shape) {
  const { cursor, items: before } = page.data;
  if (cursor && page.data.status === "ready") {
    await show(page, async () => {
      const { items, next_cursor: following } = await api.call(operation, { query: { ...query, cursor } });
      return { items: before.concat(items.map(shape)), cursor: following || "" };
    });
  }
}

/**
 * Does one thing at a time: a second tap meanwhile is no second act. A refusal is told and returned.
 * @param {Screen} page
 * @param {() => Promise<void>} work
 * @returns {Promise<Problem | null>}
 */
async function act(page, work) {
  if (page.data.busy) {
    return null;
  }
  page.setData({ busy: true, errors: {} });
  try {
    await work();
    return null;
  } catch (error) {
    const problem = problemOf(error);
    page.setData({ errors: problem.fields });
    toast(problem.sentence);
    return problem;
  } finally {
    page.setData({ busy: false });
  }
}

/** @param {string} sentence */
function toast(sentence) {
  wx.showToast({ title: sentence, icon: "none", duration: 3000 });
}

/** @param {string} sentence a few characters: a tick stands above them */
function done(sentence) {
  wx.showToast({ title: sentence, icon: "success" });
}

/**
 * Asks before something that cannot be undone.
 * @param {string} sentence
 * @returns {Promise<boolean>}
 */
function sure(sentence) {
  return new Promise((resolve) => {
    wx.showModal({ title: "请确认", content: sentence, success: ({ confirm }) => resolve(confirm), fail: () => resolve(false) });
  });
}

const UNSAVED = "填写的内容还没有保存，离开后不保留";

/** From now on leaving the page asks first; clients that cannot ask let go. */
function unsaved() {
  wx.enableAlertBeforeUnload && wx.enableAlertBeforeUnload({ message: UNSAVED });
}

/** What was typed is kept by the server: leaving asks no more. */
function saved() {
  wx.disableAlertBeforeUnload && wx.disableAlertBeforeUnload();
}

module.exports = { INITIAL, LIST, show, showList, showMore, act, toast, done, sure, unsaved, saved };
