const api = require("../../../utils/api");
const screen = require("../../../utils/screen");
const { STATES } = require("../../../utils/words");

/** @param {any} instance the server's InstanceDetail */
function shown(instance) {
  const state = STATES[/** @type {keyof typeof STATES} */ (instance.state)];
  const rows = instance.rows.map((/** @type {[string, string]} */ [label, value]) => ({ label, value }));
  return {
    instance: { ...instance, rows, tag: state.title, tone: state.tone, waits: instance.waiting_for.join("、") },
  };
}

Page({
  data: {
    ...screen.INITIAL,
    instance: /** @type {any} */ (null),
    comment: "",
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
    return screen.show(this, async () => shown(await api.call("instance", { id: this.id })));
  },

  /** @param {WechatMiniprogram.TextareaInput} event */
  writeComment({ detail }) {
    this.setData({ comment: detail.value });
  },

  approve() {
    return this.decide("approve");
  },

  reject() {
    return this.decide("reject");
  },

  /** @param {"approve" | "reject"} decision */
  async decide(decision) {
    const { comment, instance } = this.data;
    const problem = await screen.act(this, async () => {
      await api.call("decide", { id: instance.my_task_id, body: { decision, comment } });
      screen.done(decision === "approve" ? "已同意" : "已驳回");
    });
    const isSettled = !problem || problem.status === 409 || problem.status === 404;
    if (isSettled) {
      await this.refresh();
    }
  },
});
