const { moment, month } = require("../../utils/format");
const screen = require("../../utils/screen");

/** What to say of a payslip: the first that holds. */
const TAGS = [
  { holds: (/** @type {any} */ slip) => slip.is_recalled, title: "已撤回", tone: "bad" },
  { holds: (/** @type {any} */ slip) => slip.confirmed_at, title: "已确认", tone: "good" },
  { holds: (/** @type {any} */ slip) => slip.opened_at, title: "已查看", tone: "" },
  { holds: () => true, title: "未查看", tone: "wait" },
];

/** @param {any} slip the server's PayslipLine */
function shown(slip) {
  const { title: tag, tone } = TAGS.filter(({ holds }) => holds(slip))[0];
  return { ...slip, tag, tone, month: month(slip.month), when: moment(slip.published_at), isCorrected: slip.version > 1 };
}

Page({
  data: { ...screen.LIST },

  onShow() {
    return this.refresh();
  },

  onPullDownRefresh() {
    return this.refresh();
  },

  refresh() {
    return screen.showList(this, "payslips", {}, shown);
  },

  onReachBottom() {
    return screen.showMore(this, "payslips", {}, shown);
  },
});
