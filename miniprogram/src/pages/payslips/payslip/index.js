const api = require("../../../utils/api");
const { money, moment, month } = require("../../../utils/format");
const screen = require("../../../utils/screen");
const { ITEM_KINDS } = require("../../../utils/words");

/** Which sum stands below which lines. */
const SUMS = { earning: "earnings", deduction: "deductions", employer_cost: "employer_cost", information: "" };

/** @param {any} slip the server's PayslipView */
function groups(slip) {
  return Object.entries(ITEM_KINDS)
    .map(([kind, title]) => ({
      kind,
      title,
      lines: slip.lines
        .filter((/** @type {any} */ line) => line.kind === kind)
        .map((/** @type {any} */ line) => ({ ...line, amount: money(line.amount) })),
      sum: money(slip.totals[SUMS[/** @type {keyof typeof SUMS} */ (kind)]]),
    }))
    .filter(({ lines }) => lines.length);
}

/** @param {any} slip the server's PayslipView */
function shown(slip) {
  const marks = Array.from({ length: 12 }, (_, order) => order);
  const changes = slip.corrections.map((/** @type {any} */ change) => ({
    label: `${ITEM_KINDS[/** @type {keyof typeof ITEM_KINDS} */ (change.kind)]}：${change.name}`,
    before: money(change.before),
    after: money(change.after),
  }));
  const words = { month: month(slip.month), confirmed: moment(slip.confirmed_at), net: money(slip.totals.net), changes };
  return { slip: { ...slip, ...words }, groups: groups(slip), marks };
}

Page({
  data: {
    ...screen.INITIAL,
    slip: /** @type {any} */ (null),
    groups: /** @type {any[]} */ ([]),
    marks: /** @type {number[]} */ ([]),
    questions: "",
    errors: /** @type {Record<string, string>} */ ({}),
  },
  id: "",
  hasAsked: false,

  /** @param {Record<string, string | undefined>} query */
  onLoad({ id = "" }) {
    this.id = id;
    this.setData({ questions: `/pages/web/index?path=${encodeURIComponent(`/h5/payslips/${id}`)}` });
    wx.onUserCaptureScreen(() => screen.toast("工资条是您的个人信息，请妥善保管截图"));
  },

  onUnload() {
    wx.offUserCaptureScreen();
  },

  /** Also the return from proving oneself: asked once, and not again for somebody who turned back. */
  onShow() {
    if (!this.data.slip) {
      return this.refresh();
    }
    return undefined;
  },

  async refresh() {
    const problem = await screen.show(this, async () => shown(await api.call("payslip", { id: this.id })));
    if (problem && problem.code === "step_up_required" && !this.hasAsked) {
      this.hasAsked = true;
      wx.navigateTo({ url: "/pages/step-up/index" });
    }
  },

  /** The button below the refusal: the person wants to, so the question may come again. */
  retry() {
    this.hasAsked = false;
    return this.refresh();
  },

  async confirm() {
    const problem = await screen.act(this, async () => {
      await api.call("confirmPayslip", { id: this.id });
      screen.done("已确认");
    });
    if (!problem) {
      await this.refresh();
    }
  },
});
