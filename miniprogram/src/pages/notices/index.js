const { moment } = require("../../utils/format");
const screen = require("../../utils/screen");

const FILTERS = [
  { only: "", title: "全部" },
  { only: "unread", title: "未读" },
];

/** @param {any} notice the server's MyNoticeLine */
function shown(notice) {
  return { ...notice, when: moment(notice.sent_at) };
}

Page({
  data: { ...screen.LIST, filters: FILTERS, only: "" },

  onShow() {
    return this.refresh();
  },

  onPullDownRefresh() {
    return this.refresh();
  },

  refresh() {
    return screen.showList(this, "notices", { only: this.data.only }, shown);
  },

  onReachBottom() {
    return screen.showMore(this, "notices", { only: this.data.only }, shown);
  },

  /** @param {WechatMiniprogram.TouchEvent} event */
  filter({ currentTarget }) {
    this.setData({ only: currentTarget.dataset.only, status: "loading" });
    return this.refresh();
  },
});
