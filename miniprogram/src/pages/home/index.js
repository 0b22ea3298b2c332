const api = require("../../utils/api");
const { day, moment, month, time, today } = require("../../utils/format");
const { web } = require("../../utils/places");
const screen = require("../../utils/screen");
const { DIRECTIONS } = require("../../utils/words");

/** The ways on; what has no screen here opens as a page of the product. */
const TILES = [
  { icon: "申", title: "发起申请", url: "/pages/catalogue/index" },
  { icon: "迹", title: "我的申请", url: "/pages/approvals/mine/index" },
  { icon: "假", title: "请假", url: "/pages/leave/new/index" },
  { icon: "记", title: "请假记录", url: "/pages/leave/requests/index" },
  { icon: "卡", title: "打卡", url: "/pages/attendance/index" },
  { icon: "薪", title: "工资条", url: "/pages/payslips/index" },
  { icon: "月", title: "我的考勤", url: web("/h5/attendance/month") },
  { icon: "补", title: "补卡", url: web("/h5/attendance/corrections") },
  { icon: "余", title: "我的假期", url: "/pages/leave/balances/index" },
  { icon: "休", title: "休假规划", url: "/pages/leave/planner/index" },
  { icon: "历", title: "谁不在", url: "/pages/leave/calendar/index" },
  { icon: "我", title: "我的资料", url: web("/h5/people/me") },
];

/** @param {any} home the server's HomeOut */
function shown({ name, is_manager: isManager, waiting, unread, today: now, balances, payslip, notices }) {
  return {
    name,
    isManager,
    waiting,
    unread,
    date: day(today()),
    now: {
      title: now.title || (now.is_working ? "今天要上班" : "今天休息"),
      plan: now.plan,
      next: `${DIRECTIONS[/** @type {keyof typeof DIRECTIONS} */ (now.next)]}打卡`,
      punched: punched(now),
    },
    balances: balances.filter((/** @type {any} */ { granted, available }) => granted || available),
    payslip: payslip && { title: `${month(payslip.month)} ${payslip.title}`, isOpened: Boolean(payslip.opened_at) },
    notices: notices.map((/** @type {any} */ notice) => ({ ...notice, when: moment(notice.sent_at) })),
  };
}

/** @param {{first_in: string | null, last_out: string | null}} day */
function punched({ first_in: first, last_out: last }) {
  const parts = [first ? `上班 ${time(first)}` : "还没有上班卡", last && `下班 ${time(last)}`];
  return parts.filter(Boolean).join(" · ");
}

Page({
  data: { ...screen.INITIAL, tiles: TILES, board: web("/h5/attendance/board") },

  onShow() {
    return this.refresh();
  },

  onPullDownRefresh() {
    return this.refresh();
  },

  refresh() {
    return screen.show(this, async () => shown(await api.call("home")));
  },
});
