const { moment } = require("../../../utils/format");
const screen = require("../../../utils/screen");
const { STATES } = require("../../../utils/words");

const PAUSE_MS = 250;
const FILTERS = [
  { state: "", title: "全部" },
  ...["pending", "returned", "approved", "rejected", "withdrawn"].map((state) => ({
    state,
    title: STATES[/** @type {keyof typeof STATES} */ (state)].title,
  })),
];

/** @param {any} one the server's InstanceOut */
function shown(one) {
  const state = STATES[/** @type {keyof typeof STATES} */ (one.state)];
  const { id, title, started_at: at, waiting_for: waiting } = one;
  return { id, title, when: moment(at), waiting: waiting.join("、"), tag: state.title, tone: state.tone };
}

Page({
  data: { ...screen.LIST, filters: FILTERS, state: "", q: "" },
  timer: 0,

  onShow() {
    return this.refresh();
  },

  onUnload() {
    clearTimeout(this.timer);
  },

  onPullDownRefresh() {
    return this.refresh();
  },

  query() {
    const { state, q } = this.data;
    return { state, q };
  },

  refresh() {
    return screen.showList(this, "mine", this.query(), shown);
  },

  onReachBottom() {
    return screen.showMore(this, "mine", this.query(), shown);
  },

  /** @param {WechatMiniprogram.TouchEvent} event */
  filter({ currentTarget }) {
    this.setData({ state: currentTarget.dataset.state, status: "loading" });
    return this.refresh();
  },

  /** @param {WechatMiniprogram.Input} event */
  search({ detail }) {
    this.setData({ q: detail.value });
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.refresh(), PAUSE_MS);
  },
});
