const api = require("../../utils/api");
const { moment } = require("../../utils/format");
const screen = require("../../utils/screen");
const session = require("../../utils/session");

const NAMES = { pin: "安全密码", totp: "动态口令" };
const WEB = `/pages/web/index?path=${encodeURIComponent("/h5/step-up")}`;

/**
 * How the person stands. A first PIN is set right after a login, so one that has grown old is renewed.
 */
async function standing() {
  const state = await api.call("stepUpState");
  if (state.is_set || state.may_set) {
    return state;
  }
  await session.renew(session.token());
  return api.call("stepUpState");
}

/** @param {any} state the server's StepUpView */
function shown(state) {
  return {
    name: NAMES[/** @type {keyof typeof NAMES} */ (state.method)],
    isSet: state.is_set,
    setsPin: !state.is_set && state.method === "pin",
    lockedUntil: moment(state.locked_until),
  };
}

Page({
  data: {
    ...screen.INITIAL,
    name: "",
    isSet: false,
    setsPin: false,
    lockedUntil: "",
    web: WEB,
    secret: "",
    repeated: "",
    refusal: "",
    errors: /** @type {Record<string, string>} */ ({}),
  },

  onShow() {
    return this.refresh();
  },

  refresh() {
    return screen.show(this, async () => shown(await standing()));
  },

  /** @param {WechatMiniprogram.Input} event */
  write({ detail, currentTarget }) {
    this.setData({ [currentTarget.dataset.name]: detail.value, refusal: "" });
  },

  prove() {
    return this.send("stepUp", { secret: this.data.secret });
  },

  async setPin() {
    if (this.data.secret === this.data.repeated) {
      await this.send("setPin", { pin: this.data.secret });
    } else {
      this.setData({ errors: { repeated: "两次输入的不一样" } });
    }
  },

  /**
   * @param {"stepUp" | "setPin"} operation
   * @param {Record<string, string>} body
   */
  async send(operation, body) {
    const problem = await screen.act(this, async () => {
      await api.call(operation, { body });
    });
    this.setData({ secret: "", repeated: "", refusal: problem ? problem.sentence : "" });
    if (!problem) {
      wx.navigateBack();
    }
  },
});
