const api = require("../../../utils/api");
const { moment } = require("../../../utils/format");
const screen = require("../../../utils/screen");
const { DECISIONS, STATES } = require("../../../utils/words");

/** @param {any} receipt the server's ReceiptOut */
function shown({ content, signature, proof }) {
  const state = STATES[/** @type {keyof typeof STATES} */ (content.state)];
  return {
    title: content.title,
    tag: state.title,
    tone: state.tone,
    who: content.applicant.name,
    ended: moment(content.ended_at),
    decisions: content.decisions.map((/** @type {any} */ one, /** @type {number} */ order) => ({
      order,
      title: `${one.by || "系统"}${DECISIONS[/** @type {keyof typeof DECISIONS} */ (one.decision)]}`,
      note: [one.step, one.in_place_of && `代 ${one.in_place_of}`, one.comment].filter(Boolean).join(" · "),
      when: moment(one.at),
    })),
    key: signature.key_id,
    algorithm: signature.algorithm,
    day: proof ? proof.root.day : "",
  };
}

Page({
  data: { ...screen.INITIAL, receipt: /** @type {any} */ (null) },
  id: "",
  text: "",

  /** @param {Record<string, string | undefined>} query */
  onLoad({ id = "" }) {
    this.id = id;
    return this.refresh();
  },

  refresh() {
    return screen.show(this, async () => {
      const receipt = await api.call("receipt", { id: this.id });
      this.text = JSON.stringify(receipt, null, 2);
      return { receipt: shown(receipt) };
    });
  },

  /** The whole receipt on the clipboard: to keep it outside of this system, where anybody can check it. */
  copy() {
    wx.setClipboardData({ data: this.text, success: () => screen.toast("回执全文已复制，请粘贴到备忘录或邮件中保存") });
  },
});
