const api = require("../../../utils/api");
const { day } = require("../../../utils/format");
const screen = require("../../../utils/screen");
const { STATES } = require("../../../utils/words");

/**
 * @param {any} request the server's RequestDetail
 * @param {any[]} history
 */
function shown(request, history) {
  const state = STATES[/** @type {keyof typeof STATES} */ (request.state)];
  const days = request.portions.map((/** @type {any} */ portion) => day(portion.day)).join("、");
  return { request: { ...request, ...state, days }, history };
}

Page({
  data: {
    ...screen.INITIAL,
    request: /** @type {any} */ (null),
    history: /** @type {any[]} */ ([]),
    asksWhy: false,
    reason: "",
    errors: /** @type {Record<string, string>} */ ({}),
  },
  id: "",

  /** @param {Record<string, string | undefined>} query */
  onLoad({ id = "" }) {
    this.id = id;
    return this.refresh();
  },

  onPullDownRefresh() {
    return this.refresh();
  },

  refresh() {
    const { id } = this;
    return screen.show(this, async () =>
      shown(...(await Promise.all([api.call("leaveRequest", { id }), api.call("leaveTimeline", { id })]))),
    );
  },

  async withdraw() {
    if (await screen.sure("撤回这次请假？")) {
      await screen.act(this, async () => {
        await api.call("withdrawLeave", { id: this.id });
        screen.done("已撤回");
      });
      await this.refresh();
    }
  },

  askWhy() {
    this.setData({ asksWhy: true });
  },

  /** @param {WechatMiniprogram.TextareaInput} event */
  writeReason({ detail }) {
    this.setData({ reason: detail.value });
  },

  async cancel() {
    const problem = await screen.act(this, async () => {
      await api.call("cancelLeave", { id: this.id, body: { reason: this.data.reason } });
      screen.done("已提交");
      this.setData({ asksWhy: false, reason: "" });
    });
    if (!problem) {
      await this.refresh();
    }
  },
});
