const screen = require("../../../utils/screen");
const { moment } = require("../../../utils/format");
const { STATES } = require("../../../utils/words");

const FILTERS = [{ state: "", title: "全部" }].concat(
  Object.entries(STATES).map(([state, { title }]) => ({ state, title })),
);

/** @param {any} request the server's RequestOut */
function shown(request) {
  const state = /** @type {keyof typeof STATES} */ (request.state);
  return { ...request, ...STATES[state], when: moment(request.created_at) };
}

Page({
  data: { ...screen.LIST, filters: FILTERS, state: "" },

  onShow() {
    return this.refresh();
  },

  onPullDownRefresh() {
    return this.refresh();
  },

  refresh() {
    return screen.showList(this, "leaveRequests", { state: this.data.state }, shown);
  },

  onReachBottom() {
    return screen.showMore(this, "leaveRequests", { state: this.data.state }, shown);
  },

  /** @param {WechatMiniprogram.TouchEvent} event */
  filter({ currentTarget }) {
    this.setData({ state: currentTarget.dataset.state, status: "loading" });
    return this.refresh();
  },
});
