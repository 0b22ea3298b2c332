const api = require("../../utils/api");
const { day, moment } = require("../../utils/format");
const { beginning } = require("../../utils/places");
const screen = require("../../utils/screen");

const PAUSE_MS = 250;

/** @param {any} group the server's Group */
function shownGroup(group) {
  const entries = group.entries.map((/** @type {any} */ entry) => ({ ...entry, url: beginning(entry.subject) }));
  return { title: group.title, entries };
}

/** @param {any} draft the server's DraftOut of forms */
function formDraft({ id, code, title, saved_at: at }) {
  const url = `/pages/forms/fill/index?code=${code}&draft=${id}`;
  return { id, title, url, when: moment(at), isLeave: false };
}

/** @param {any} draft the server's DraftOut of leave */
function leaveDraft({ id, kind_name: kind, form, saved_at: at }) {
  const title = form.first_day ? `${kind}，${day(form.first_day)}起` : kind;
  return { id, title, url: `/pages/leave/new/index?draft=${id}`, when: moment(at), isLeave: true };
}

/** What was begun, of both kinds, the last changed first. */
async function begun() {
  const [forms, leave] = await Promise.all([api.call("formDrafts"), api.call("leaveDrafts")]);
  const dated = [
    ...forms.map((/** @type {any} */ one) => ({ at: one.saved_at, shown: formDraft(one) })),
    ...leave.map((/** @type {any} */ one) => ({ at: one.saved_at, shown: leaveDraft(one) })),
  ];
  return dated.sort((one, other) => (one.at < other.at ? 1 : -1)).map(({ shown }) => shown);
}

Page({
  data: { ...screen.INITIAL, q: "", groups: /** @type {any[]} */ ([]), drafts: /** @type {any[]} */ ([]) },
  timer: 0,

  onShow() {
    return this.refresh();
  },

  onUnload() {
    clearTimeout(this.timer);
  },

  onPullDownRefresh() {
    return this.refresh();
  },

  refresh() {
    const { q } = this.data;
    return screen.show(this, async () => {
      const [groups, drafts] = await Promise.all([api.call("catalogue", { query: { q } }), q ? [] : begun()]);
      return { groups: groups.map(shownGroup), drafts };
    });
  },

  /** @param {WechatMiniprogram.Input} event */
  search({ detail }) {
    this.setData({ q: detail.value });
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.refresh(), PAUSE_MS);
  },

  /** @param {WechatMiniprogram.TouchEvent} event */
  async discard({ currentTarget }) {
    const { id, leave: isLeave } = currentTarget.dataset;
    if (!(await screen.sure("删除这份草稿？"))) {
      return;
    }
    await screen.act(this, async () => {
      await (isLeave ? api.call("dropLeaveDraft", { id }) : api.call("dropFormDraft", { id }));
      screen.done("已删除");
    });
    await this.refresh();
  },
});
