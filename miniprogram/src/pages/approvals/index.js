const { moment } = require("../../utils/format");
const screen = require("../../utils/screen");

/** @param {any} task the server's TaskOut */
function shown(task) {
  return { ...task, when: moment(task.waiting_since) };
}

Page({
  data: { ...screen.LIST },

  onShow() {
    return this.refresh();
  },

  onPullDownRefresh() {
    return this.refresh();
  },

  refresh() {
    return screen.showList(this, "tasks", {}, shown);
  },

  onReachBottom() {
    return screen.showMore(this, "tasks", {}, shown);
  },
});
