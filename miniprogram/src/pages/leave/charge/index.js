const api = require("../../../utils/api");
const { day, expiry } = require("../../../utils/format");
const screen = require("../../../utils/screen");

/** @param {any} charge the server's ChargeOut */
function shown(charge) {
  const source = charge.source ? `，依据${charge.source}` : "";
  const since = charge.is_changed_since ? "规则后来改过，这次仍按当时的版本。" : "";
  return {
    id: charge.request_id,
    length: charge.length,
    rule: `${charge.kind_name}${charge.rule || "逐日计入如下"}。`,
    basis: `按规则第 ${charge.rules_version} 版计算${source}。${since}`,
    days: charge.days.map((/** @type {any} */ one) => ({ ...one, when: day(one.day) })),
    lots: charge.lots.map((/** @type {any} */ lot, /** @type {number} */ order) => ({ ...lot, order, until: expiry(lot.expires_on) })),
  };
}

Page({
  data: { ...screen.INITIAL, charge: /** @type {any} */ (null) },
  id: "",

  /** @param {Record<string, string | undefined>} query */
  onLoad({ id = "" }) {
    this.id = id;
    return this.refresh();
  },

  refresh() {
    return screen.show(this, async () => ({ charge: shown(await api.call("charge", { id: this.id })) }));
  },
});
