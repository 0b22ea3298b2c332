const { moment } = require("../../../utils/format");
const { kinds } = require("../../../utils/kinds");
const screen = require("../../../utils/screen");
const { STATES } = require("../../../utils/words");

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
  data: {
    ...screen.LIST,
    filters: FILTERS,
    state: "",
    kinds: /** @type {any[]} */ ([]),
    sought: /** @type {Record<string, string>} */ ({}),
    isSought: false,
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

  query() {
    return { state: this.data.state, ...this.data.sought };
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

  /** @param {any} event what to look for, as the API asks for it */
  search({ detail }) {
    this.setData({ sought: detail, isSought: Object.values(detail).some(Boolean) });
    return this.refresh();
  },
});
