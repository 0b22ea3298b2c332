const api = require("../../../utils/api");
const { day, today } = require("../../../utils/format");
const { kinds } = require("../../../utils/kinds");
const screen = require("../../../utils/screen");

/** @param {any} one the server's DelegationOut */
function shown(one) {
  const about = one.about ? ` · 只限${one.about}` : "";
  const note = `${day(one.first_day)} 至 ${day(one.last_day)}${about}`;
  return { id: one.id, isMine: one.is_mine, name: one.is_mine ? one.to_name : one.from_name, note };
}

Page({
  data: {
    ...screen.INITIAL,
    mine: /** @type {any[]} */ ([]),
    others: /** @type {any[]} */ ([]),
    kinds: /** @type {any[]} */ ([]),
    kindIndex: 0,
    to: "",
    today: today(),
    firstDay: today(),
    lastDay: today(),
    errors: /** @type {Record<string, string>} */ ({}),
  },

  async onLoad() {
    await this.refresh();
    this.setData({ kinds: await kinds() });
  },

  onPullDownRefresh() {
    return this.refresh();
  },

  refresh() {
    return screen.show(this, async () => {
      const found = (await api.call("delegations")).map(shown);
      return { mine: found.filter((/** @type {any} */ one) => one.isMine), others: found.filter((/** @type {any} */ one) => !one.isMine) };
    });
  },

  /** @param {any} event */
  write({ detail, currentTarget }) {
    this.setData({ [currentTarget.dataset.name]: detail.value });
  },

  async delegate() {
    const { to, kinds: known, kindIndex, firstDay, lastDay } = this.data;
    const { subject } = known[kindIndex] || { subject: "" };
    const problem = await screen.act(this, async () => {
      await api.call("delegate", { body: { to, first_day: firstDay, last_day: lastDay, ...(subject && { subject }) } });
      screen.done("已委托");
      this.setData({ to: "" });
    });
    if (!problem) {
      await this.refresh();
    }
  },

  /** @param {WechatMiniprogram.TouchEvent} event */
  async revoke({ currentTarget }) {
    if (!(await screen.sure(currentTarget.dataset.sure))) {
      return;
    }
    await screen.act(this, async () => {
      await api.call("revokeDelegation", { id: currentTarget.dataset.id });
      screen.done(currentTarget.dataset.done);
    });
    await this.refresh();
  },
});
