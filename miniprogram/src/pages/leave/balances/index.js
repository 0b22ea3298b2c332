const api = require("../../../utils/api");
const { expiry } = require("../../../utils/format");
const screen = require("../../../utils/screen");

/** @param {any} balance the server's BalanceOut */
function shown(balance) {
  const held = balance.held ? ` · 审批中 ${balance.held_length}` : "";
  return {
    kind: balance.kind,
    name: balance.kind_name,
    length: balance.length,
    note: `共 ${balance.granted_length} · 已用 ${balance.used_length}${held}`,
    lots: balance.lots.map((/** @type {any} */ lot) => ({ ...lot, until: expiry(lot.expires_on) })),
  };
}

Page({
  data: { ...screen.INITIAL, balances: /** @type {any[]} */ ([]) },

  onShow() {
    return this.refresh();
  },

  onPullDownRefresh() {
    return this.refresh();
  },

  refresh() {
    return screen.show(this, async () => ({ balances: (await api.call("balances")).map(shown) }));
  },
});
