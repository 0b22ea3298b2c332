const api = require("../../../utils/api");
const files = require("../../../utils/files");
const request = require("../../../utils/instance");
const { formOf } = require("../../../utils/places");
const screen = require("../../../utils/screen");

/** @typedef {"approve" | "reject"} Decision */
/** What is gone or was decided by somebody else meanwhile; the page shows how it stands. */
const SETTLED = [404, 409];

Page({
  data: {
    ...screen.INITIAL,
    instance: /** @type {any} */ (null),
    lines: /** @type {any[]} */ ([]),
    steps: /** @type {any[]} */ ([]),
    papers: /** @type {any[]} */ ([]),
    acts: /** @type {any[]} */ ([]),
    reasons: /** @type {string[]} */ ([]),
    own: /** @type {any} */ (null),
    precedents: "",
    mayWithdraw: false,
    comment: "",
    errors: /** @type {Record<string, string>} */ ({}),
  },
  id: "",
  isMine: false,

  /** @param {Record<string, string | undefined>} query */
  onLoad({ id = "", mine = "" }) {
    this.id = id;
    this.isMine = mine === "1";
  },

  onShow() {
    return this.refresh();
  },

  onPullDownRefresh() {
    return this.refresh();
  },

  refresh() {
    return screen.show(this, async () => {
      const instance = await api.call("instance", { id: this.id });
      const [form, precedents] = await Promise.all([
        formOf(instance.subject) ? api.call("formRequest", { id: instance.subject_id }) : null,
        instance.my_task_id ? api.call("precedents", { id: instance.my_task_id }).catch(() => null) : null,
      ]);
      return request.shown(instance, form, precedents, this.isMine);
    });
  },

  /** @param {WechatMiniprogram.TextareaInput} event */
  writeComment({ detail }) {
    this.setData({ comment: detail.value });
  },

  /** @param {WechatMiniprogram.PickerChange} event */
  pickReason({ detail }) {
    this.setData({ comment: this.data.reasons[Number(detail.value)] });
  },

  approve() {
    return this.decide("approve");
  },

  reject() {
    return this.decide("reject");
  },

  /** @param {Decision} decision bound to the version that is on the screen */
  async decide(decision) {
    const { comment, instance } = this.data;
    const problem = await screen.act(this, async () => {
      await api.call("decide", { id: instance.my_task_id, body: { decision, comment, seen: instance.version } });
      screen.done(decision === "approve" ? "已同意" : "已驳回");
      this.setData({ comment: "" });
    });
    if (!problem || SETTLED.includes(problem.status)) {
      await this.refresh();
    }
  },

  /** @param {WechatMiniprogram.TouchEvent} event */
  goTo({ currentTarget }) {
    const { act } = currentTarget.dataset;
    wx.navigateTo({ url: `/pages/approvals/act/index?act=${act}&id=${this.id}&seen=${this.data.instance.version}` });
  },

  async urge() {
    await screen.act(this, async () => {
      await api.call("urge", { id: this.id });
      screen.done("已催办");
    });
    await this.refresh();
  },

  async withdraw() {
    if (!(await screen.sure("撤回后审批人不再看到这份申请，确定撤回吗？"))) {
      return;
    }
    await screen.act(this, async () => {
      await api.call("withdrawForm", { id: this.data.instance.subject_id });
      screen.done("已撤回");
    });
    await this.refresh();
  },

  /** @param {WechatMiniprogram.TouchEvent} event */
  async openFile({ currentTarget }) {
    const { id: part } = currentTarget.dataset;
    await screen.act(this, () => files.show("formFile", { id: this.data.instance.subject_id, part }));
  },

  /** @param {WechatMiniprogram.TouchEvent} event */
  async openPaper({ currentTarget }) {
    const { id: part } = currentTarget.dataset;
    await screen.act(this, () => files.show("approvalPaper", { id: this.id, part }));
  },
});
