const api = require("../../../utils/api");
const { blanks, day } = require("../../../utils/format");
const screen = require("../../../utils/screen");

/** What stands below a day of the little calendar, by its mark. */
const MARKS = { leave: "请假", own: "已请", holiday: "假", makeup: "班", off: "", work: "" };

/**
 * The days of a break in rows of seven, Monday first; places before the first day stay empty.
 * @param {any[][]} weeks
 */
function cells(weeks) {
  const days = weeks.reduce((all, week) => all.concat(week), []);
  const before = blanks(days.length ? days[0].day : "");
  return before.concat(
    days.map((one) => ({
      key: one.day,
      number: Number(one.day.slice(8)),
      mark: one.mark,
      word: MARKS[/** @type {keyof typeof MARKS} */ (one.mark)],
      isInside: one.is_inside,
    })),
  );
}

/** @param {any} one the server's BreakOut */
function shownBreak(one) {
  return {
    key: one.first_day,
    title: `请 ${one.leave_days} 天，连休 ${one.length} 天`,
    span: `${day(one.first_day)} 至 ${day(one.last_day)}，每请 1 天休 ${Number(one.ratio)} 天`,
    isConfirmed: one.is_confirmed,
    cells: cells(one.weeks),
    notes: one.notes.concat(one.refusal ? [`现在还不能申请：${one.refusal}`] : []),
    leaveDays: one.leave_days,
    query: one.refusal || one.waits_until ? "" : `first_day=${one.leave_first_day}&last_day=${one.leave_last_day}`,
  };
}

/** @param {any} plan the server's PlannerOut */
function shown(plan) {
  const kinds = Object.entries(plan.kinds).map(([code, name]) => ({ code, name }));
  const spent = plan.breaks.length ? `，下面的安排用 ${plan.spent}` : "";
  return {
    kinds,
    kindIndex: kinds.findIndex(({ code }) => code === plan.kind),
    available: plan.available,
    about: `到 ${day(plan.until)}，可用${plan.kind_name}共 ${plan.available}（含届时发放的）${spent}。先到期的先用；同部门半数以上不在的日子不推荐。`,
    unconfirmed: plan.unconfirmed.join("、"),
    breaks: plan.breaks.map(shownBreak),
  };
}

Page({
  data: {
    ...screen.INITIAL,
    kinds: /** @type {any[]} */ ([]),
    kindIndex: 0,
    available: "",
    about: "",
    unconfirmed: "",
    days: "",
    breaks: /** @type {any[]} */ ([]),
  },
  kind: "",

  onLoad() {
    return this.refresh();
  },

  refresh() {
    const query = { kind: this.kind, days: this.data.days };
    return screen.show(this, async () => shown(await api.call("planner", { query })));
  },

  /** @param {WechatMiniprogram.PickerChange} event */
  chooseKind({ detail }) {
    this.kind = this.data.kinds[Number(detail.value)].code;
    this.setData({ status: "loading" });
    return this.refresh();
  },

  /** @param {any} event the number of days at most; nothing means all */
  limit({ detail }) {
    this.setData({ days: detail.value });
    return this.refresh();
  },
});
