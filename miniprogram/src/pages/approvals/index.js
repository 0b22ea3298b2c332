const api = require("../../utils/api");
const { moment } = require("../../utils/format");
const { kinds } = require("../../utils/kinds");
const screen = require("../../utils/screen");

const MOST = 50;

/** @param {any} task the server's TaskOut */
function shown(task) {
  return { ...task, when: moment(task.waiting_since) };
}

/**
 * What became of each of several decisions, in words.
 * @param {any[]} decided the server's OneDecided
 * @param {any[]} items the tasks that were on the screen
 */
function outcome(decided, items) {
  return decided.map(({ task_id: id, is_done: isDone, problem }) => {
    const task = items.find((one) => one.id === id);
    return { id, title: task ? task.title : "申请", isDone, problem };
  });
}

Page({
  data: {
    ...screen.LIST,
    kinds: /** @type {any[]} */ ([]),
    sought: /** @type {Record<string, string>} */ ({}),
    isSought: false,
    isChoosing: false,
    chosen: /** @type {string[]} */ ([]),
    decided: /** @type {any[]} */ ([]),
    doneCount: 0,
  },

  async onLoad() {
    this.setData({ kinds: await kinds() });
  },

  onShow() {
    return this.refresh();
  },

  onPullDownRefresh() {
    return this.refresh();
  },

  refresh() {
    return screen.showList(this, "tasks", this.data.sought, shown);
  },

  onReachBottom() {
    return screen.showMore(this, "tasks", this.data.sought, shown);
  },

  /** @param {any} event what to look for, as the API asks for it */
  search({ detail }) {
    this.setData({ sought: detail, isSought: Object.values(detail).some(Boolean) });
    return this.refresh();
  },

  startChoosing() {
    this.setData({ isChoosing: true, chosen: [], decided: [] });
  },

  stopChoosing() {
    this.setData({ isChoosing: false, chosen: [] });
  },

  /** @param {any} event */
  choose({ detail }) {
    this.setData({ chosen: detail.value });
  },

  /** Agrees to what was ticked, each in the version that stands on the screen; each is decided as if alone. */
  async approveChosen() {
    const { chosen, items } = this.data;
    const tasks = items.filter((one) => chosen.includes(one.id)).map(({ id, version }) => ({ task_id: id, seen: version }));
    if (!tasks.length || tasks.length > MOST) {
      screen.toast(tasks.length ? `一次最多同意 ${MOST} 项` : "请先勾选要同意的申请");
      return;
    }
    if (!(await screen.sure(`同意所选的 ${tasks.length} 项申请？`))) {
      return;
    }
    await screen.act(this, async () => {
      const decided = outcome(await api.call("decideMany", { body: { tasks, decision: "approve" } }), items);
      this.setData({ decided, doneCount: decided.filter(({ isDone }) => isDone).length, isChoosing: false, chosen: [] });
    });
    await this.refresh();
  },
});
