const api = require("../../../utils/api");
const { day } = require("../../../utils/format");
const screen = require("../../../utils/screen");
const files = require("../../../utils/files");
const { COVERS, STATES } = require("../../../utils/words");

/** @param {any} one the server's RequestOut */
function tagged(one) {
  return { ...one, ...STATES[/** @type {keyof typeof STATES} */ (one.state)] };
}

/**
 * @param {any} request the server's RequestDetail
 * @param {any[]} history
 */
function shown(request, history) {
  const days = request.portions.map((/** @type {any} */ portion) => day(portion.day)).join("、");
  const told = (request.told || []).map((/** @type {[string, string]} */ [label, value]) => ({ label, value }));
  const cover = COVERS[/** @type {keyof typeof COVERS} */ (request.cover_state)] || null;
  const due = request.proof_due_on ? day(request.proof_due_on) : "";
  const linked = (request.linked || []).map(tagged);
  const mayAddProof = (request.may_withdraw || request.may_cancel) && !request.has_proof;
  return { request: { ...tagged(request), days, told, coverTag: cover, due, linked, mayAddProof }, history };
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
  },

  onShow() {
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
    const sentence = this.data.request.cancelling ? "撤回后请假照旧，确定吗？" : "撤回后额度立即退回，确定撤回吗？";
    if (await screen.sure(sentence)) {
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

  async addProof() {
    const proof = await files.choosePicture();
    if (!proof) {
      return;
    }
    await screen.act(this, async () => {
      await api.call("addProof", { id: this.id, file: proof.path, fileField: "proof" });
      screen.done("已补交");
    });
    await this.refresh();
  },

  async openProof() {
    await screen.act(this, () => files.show("leaveProof", { id: this.id }));
  },
});
