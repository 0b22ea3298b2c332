const api = require("../../../utils/api");
const { day, expiry, moment, today } = require("../../../utils/format");
const screen = require("../../../utils/screen");

/** @param {number} minutes */
function hours(minutes) {
  const rest = minutes % 60;
  return [minutes >= 60 && `${Math.floor(minutes / 60)} 小时`, rest && `${rest} 分钟`].filter(Boolean).join(" ") || "0 分钟";
}

/**
 * @param {any} move the server's MoveOut
 * @param {number} order
 */
function shownMove(move, order) {
  const version = move.rules_version ? `；按规则第 ${move.rules_version} 版` : "";
  const days = move.days.map((/** @type {any} */ part) => `${day(part.day)} ${hours(part.minutes)}`).join("、");
  return { ...move, order, when: `${moment(move.at)}，之后剩 ${move.left}${version}`, days };
}

/** @param {any} lot the server's LotStory */
function shownLot(lot) {
  const until = lot.is_past ? expiry(lot.expires_on).replace("到期", "已到期") : expiry(lot.expires_on);
  const from = lot.starts_on > today() ? `，${day(lot.starts_on)}起可用` : "";
  return { id: lot.id, title: `${lot.title}：剩 ${lot.length}，${until}${from}`, moves: lot.moves.map(shownMove) };
}

/** @param {any} why the server's WhyOut */
function shown(why) {
  const source = why.source ? `，依据${why.source}` : "";
  return {
    kind: why.kind,
    length: why.length,
    formula: why.formula === why.length ? "" : why.formula,
    basis: `1 天按您的班次为 ${hours(why.day_minutes)}。现行规则第 ${why.rules_version} 版${source}。`,
    lots: why.lots.map(shownLot),
  };
}

Page({
  data: { ...screen.INITIAL, why: /** @type {any} */ (null) },
  kind: "",

  /** @param {Record<string, string | undefined>} query */
  onLoad({ kind = "annual" }) {
    this.kind = kind;
    return this.refresh();
  },

  refresh() {
    return screen.show(this, async () => {
      const why = await api.call("why", { query: { kind: this.kind } });
      wx.setNavigationBarTitle({ title: `为什么有 ${why.length}${why.kind_name}` });
      return { why: shown(why) };
    });
  },
});
