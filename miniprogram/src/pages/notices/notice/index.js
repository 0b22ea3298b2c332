const api = require("../../../utils/api");
const { moment } = require("../../../utils/format");
const screen = require("../../../utils/screen");

/** @param {any} notice the server's MyNotice */
function shown(notice) {
  const blocks = notice.blocks.map((/** @type {any} */ block, /** @type {number} */ order) => ({
    ...block,
    order,
    spans: block.spans.map((/** @type {any} */ span, /** @type {number} */ place) => ({ ...span, place })),
  }));
  return { notice: { ...notice, blocks, when: moment(notice.sent_at), confirmed: moment(notice.confirmed_at) } };
}

Page({
  data: {
    ...screen.INITIAL,
    notice: /** @type {any} */ (null),
    errors: /** @type {Record<string, string>} */ ({}),
  },
  id: "",

  /** @param {Record<string, string | undefined>} query */
  async onLoad({ id = "" }) {
    this.id = id;
    await this.refresh();
  },

  async refresh() {
    const problem = await screen.show(this, async () => shown(await api.call("notice", { id: this.id })));
    if (!problem && this.data.notice.is_unread) {
      await api.call("openNotice", { id: this.id }).catch(() => undefined);
    }
  },

  async confirm() {
    const problem = await screen.act(this, async () => {
      await api.call("confirmNotice", { id: this.id });
      screen.done("已确认");
    });
    if (!problem) {
      await this.refresh();
    }
  },

  /**
   * Links of notices lead out of the mini-program, so the address is put on the clipboard.
   * @param {WechatMiniprogram.TouchEvent} event
   */
  follow({ currentTarget }) {
    wx.setClipboardData({
      data: currentTarget.dataset.link,
      success: () => screen.toast("链接已复制，请在浏览器中打开"),
    });
  },
});
