const api = require("../../../utils/api");
const { blanks, day, month } = require("../../../utils/format");
const screen = require("../../../utils/screen");
const { COVERS } = require("../../../utils/words");

/** @param {any} cover the server's CoverOut */
function shownCover(cover) {
  return { id: cover.request_id, name: cover.name, span: cover.span, ...COVERS[/** @type {keyof typeof COVERS} */ (cover.state)] };
}

/**
 * @param {any} one the server's DayCount
 * @param {string} opened
 */
function cell(one, opened) {
  const word = one.away ? `${one.away} 人` : one.is_off ? "休" : "";
  const label = `${day(one.day)} ${one.away ? `${one.away} 人不在` : "大家都在"}`;
  return { key: one.day, number: Number(one.day.slice(8)), word, label, isAway: one.away > 0, isOpen: one.day === opened };
}

/** @param {any} found the server's MonthOut */
function shown(found) {
  const { away } = found.days.find((/** @type {any} */ one) => one.day === found.day) || { away: 0 };
  return {
    title: month(`${found.month}-01`),
    previous: found.previous,
    following: found.following,
    cells: blanks(found.days[0].day).concat(found.days.map((/** @type {any} */ one) => cell(one, found.day))),
    day: found.day,
    dayText: day(found.day),
    away: found.away.map((/** @type {any} */ one, /** @type {number} */ order) => ({
      order,
      name: one.name,
      kind: one.kind_name + (one.is_part ? "（部分时间）" : ""),
      isPending: one.is_pending,
    })),
    more: away > found.away.length ? `共 ${away} 人不在，只列出前 ${found.away.length} 条。` : "",
  };
}

Page({
  data: {
    ...screen.INITIAL,
    heads: ["一", "二", "三", "四", "五", "六", "日"],
    title: "",
    previous: "",
    following: "",
    cells: /** @type {any[]} */ ([]),
    day: "",
    dayText: "",
    away: /** @type {any[]} */ ([]),
    more: "",
    covers: /** @type {any[]} */ ([]),
  },
  month: "",
  opened: "",

  onShow() {
    return this.refresh();
  },

  onPullDownRefresh() {
    return this.refresh();
  },

  refresh() {
    const query = { month: this.month, day: this.opened };
    return screen.show(this, async () => {
      const [found, covers] = await Promise.all([api.call("calendar", { query }), api.call("covers")]);
      return { ...shown(found), covers: covers.map(shownCover) };
    });
  },

  /** @param {WechatMiniprogram.TouchEvent} event */
  turn({ currentTarget }) {
    Object.assign(this, { month: currentTarget.dataset.month, opened: "" });
    return this.refresh();
  },

  /** @param {WechatMiniprogram.TouchEvent} event */
  open({ currentTarget }) {
    const { day: opened } = currentTarget.dataset;
    Object.assign(this, { month: opened.slice(0, 7), opened });
    return this.refresh();
  },
});
