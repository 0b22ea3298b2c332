const api = require("../../utils/api");
const { day, time } = require("../../utils/format");
const { Problem } = require("../../utils/problem");
const screen = require("../../utils/screen");
const { DIRECTIONS } = require("../../utils/words");

const NO_PLACE = "没有拿到您的位置，请允许定位后再打卡，或扫描打卡点的二维码";

/** @typedef {keyof typeof DIRECTIONS} Direction */

/** @param {any} today the server's TodayOut */
function shown(today) {
  const marks = today.punches.map((/** @type {any} */ mark, /** @type {number} */ order) => ({
    ...mark,
    order,
    when: time(mark.at),
    title: DIRECTIONS[/** @type {Direction} */ (mark.direction)],
  }));
  const other = today.next === "in" ? "out" : "in";
  return { today: { ...today, marks, date: day(today.day), places: today.places.join("、") }, next: today.next, other };
}

/** Where the phone is, in the coordinates that maps in China use. */
function position() {
  return new Promise((resolve, reject) => {
    wx.getLocation({
      type: "gcj02",
      isHighAccuracy: true,
      success: ({ latitude, longitude, accuracy }) => resolve({ latitude, longitude, accuracy, datum: "gcj02" }),
      fail: () => reject(new Problem(NO_PLACE, 0, "no_place")),
    });
  });
}

/** The code of a place's screen: what is scanned is a link that carries it. */
function scanned() {
  return new Promise((resolve, reject) => {
    wx.scanCode({
      scanType: ["qrCode"],
      success: ({ result }) => resolve({ code: decodeURIComponent((/[?&]code=([^&#]+)/.exec(result) || ["", result])[1]) }),
      fail: () => reject(new Problem("没有扫到二维码，请再试一次")),
    });
  });
}

Page({
  data: {
    ...screen.INITIAL,
    today: /** @type {any} */ (null),
    next: "in",
    other: "out",
    titles: DIRECTIONS,
    sentence: "",
    mayAskPlace: false,
    errors: /** @type {Record<string, string>} */ ({}),
  },
  nonce: "",

  onShow() {
    return this.refresh();
  },

  onPullDownRefresh() {
    return this.refresh();
  },

  /** Once the day as the server has it is on the screen, the next tap is a new punch. */
  async refresh() {
    const problem = await screen.show(this, async () => shown(await api.call("today")));
    if (!problem) {
      this.nonce = "";
    }
  },

  /** @param {WechatMiniprogram.TouchEvent} event */
  punchHere({ currentTarget }) {
    return this.punch(currentTarget.dataset.direction, position);
  },

  scan() {
    return this.punch(this.data.next, scanned);
  },

  /**
   * A tap whose answer got lost is the same punch when it is repeated: it keeps its nonce.
   * @param {string} direction
   * @param {() => Promise<any>} where
   */
  async punch(direction, where) {
    const problem = await screen.act(this, async () => {
      const place = await where();
      this.nonce = this.nonce || api.newKey();
      const made = await api.call("punch", { body: { ...place, direction, nonce: `${direction}-${this.nonce}` } });
      this.setData({ sentence: made.sentence, mayAskPlace: false });
      screen.done("已打卡");
    });
    this.setData({ mayAskPlace: Boolean(problem && problem.code === "no_place") });
    if (!problem) {
      await this.refresh();
    }
  },

  allowPlace() {
    wx.openSetting();
  },
});
