const api = require("../../../utils/api");
const { shownStep } = require("../../../utils/form");
const { day, expiry } = require("../../../utils/format");
const screen = require("../../../utils/screen");

const OVER = "这笔额度已到期，退回后仍会失效";

/** @param {any} found the server's PartsOut */
function shown(found) {
  return {
    about: `${found.kind_name}${found.length}，${found.span}。勾选回来上班的日子，其余照休。`,
    days: found.days.map((/** @type {any} */ one) => ({
      day: one.day,
      when: day(one.day),
      choices: one.choices.map((/** @type {[string, string]} */ [value, title]) => ({ value, title, label: day(one.day) + title })),
    })),
  };
}

/** @param {any} refund the server's RefundOut */
function shownRefund({ length, left, lots, steps, refusal }) {
  return {
    refusal: refusal || "",
    length,
    left,
    lots: lots.map((/** @type {any} */ lot, /** @type {number} */ order) => ({
      order,
      title: lot.title,
      length: lot.length,
      note: lot.is_over ? OVER : expiry(lot.expires_on),
    })),
    steps: steps.map((/** @type {any} */ step, /** @type {number} */ order) => shownStep(step, order)),
  };
}

/** Some days or halves of approved leave are given back: an early return, or a day in between. */
Page({
  data: {
    ...screen.INITIAL,
    about: "",
    days: /** @type {any[]} */ ([]),
    refund: /** @type {any} */ (null),
    reason: "",
    errors: /** @type {Record<string, string>} */ ({}),
  },
  id: "",
  asked: 0,
  picked: /** @type {Record<string, string[]>} */ ({}),

  /** @param {Record<string, string | undefined>} query */
  onLoad({ id = "" }) {
    this.id = id;
    return this.refresh();
  },

  refresh() {
    return screen.show(this, async () => shown(await api.call("leaveParts", { id: this.id })));
  },

  chosen() {
    return Object.keys(this.picked).sort().reduce((/** @type {string[]} */ all, one) => all.concat(this.picked[one]), []);
  },

  /**
   * The halves of a day that were ticked; what they would return comes from the server.
   * @param {any} event
   */
  async pick({ detail, currentTarget }) {
    this.picked = { ...this.picked, [currentTarget.dataset.day]: detail.value };
    const days = this.chosen();
    const mine = ++this.asked;
    const refund = days.length ? await api.call("leaveRefund", { id: this.id, query: { days } }).then(shownRefund, () => null) : null;
    if (mine === this.asked) {
      this.setData({ refund });
    }
  },

  /** @param {WechatMiniprogram.TextareaInput} event */
  writeReason({ detail }) {
    this.setData({ reason: detail.value });
  },

  async submit() {
    const days = this.chosen();
    if (!days.length) {
      screen.toast("请先勾选回来上班的日子");
      return;
    }
    if (!(await screen.sure("所选的日子批准后恢复上班，额度退回。确定提交吗？"))) {
      return;
    }
    await screen.act(this, async () => {
      await api.call("cancelLeave", { id: this.id, body: { reason: this.data.reason, days } });
      screen.done("已提交");
      wx.navigateBack();
    });
  },
});
