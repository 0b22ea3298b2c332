const api = require("../../../utils/api");
const files = require("../../../utils/files");
const form = require("../../../utils/form");
const screen = require("../../../utils/screen");

const PAUSE_MS = 250;
const CHANGED = "修改后会重新审批，前面的同意可能要重新取得。";

/** What every act on the form sends along. @param {any} page */
function sent({ stand, choices, draftId, requestId }) {
  const version = requestId ? {} : { version: stand.form.version };
  return { values: stand.typed, choices, ...version, ...(draftId && { draft_id: draftId }) };
}

Page({
  data: {
    ...screen.INITIAL,
    title: "",
    note: "",
    halves: ["上午", "下午"],
    fields: /** @type {any[]} */ ([]),
    outcome: /** @type {any} */ (null),
    isChange: false,
    errors: /** @type {Record<string, string>} */ ({}),
  },
  code: "",
  draftId: "",
  like: "",
  requestId: "",
  timer: 0,
  asked: 0,
  hasTried: false,
  stand: /** @type {any} */ (null),
  choices: /** @type {Record<string, string[]>} */ ({}),

  /**
   * A new form (`code`, perhaps a draft's or like a request before), or a request that is changed.
   * @param {Record<string, string | undefined>} query
   */
  onLoad({ code = "", draft = "", like = "", change = "" }) {
    Object.assign(this, { code, draftId: draft, like, requestId: change });
    return this.refresh();
  },

  onUnload() {
    clearTimeout(this.timer);
  },

  refresh() {
    const { code: id, draftId: draft, like, requestId } = this;
    return screen.show(this, async () => {
      this.stand = requestId
        ? await api.call("fillChange", { id: requestId, body: {} })
        : await api.call("beginForm", { id, query: { draft, like } });
      const { title, note } = this.stand.form;
      wx.setNavigationBarTitle({ title });
      return { title, note: requestId ? CHANGED : note, isChange: Boolean(requestId), ...this.drawn() };
    });
  },

  drawn() {
    return { fields: form.drawn(this.stand, this.hasTried), outcome: form.outcome(this.stand.preview, this.choices) };
  },

  /**
   * Something was typed or picked; the fields say in their data where.
   * @param {any} event
   */
  write({ detail, currentTarget }) {
    const { name, part, row, column, options, ids } = currentTarget.dataset;
    const value = ids ? ids[Number(detail.value)][0] : options ? options[Number(detail.value)] : detail.value;
    this.change(form.written(this.stand.typed, { name, part, row, column }, value));
  },

  /** @param {any} event */
  writeHalf({ detail, currentTarget }) {
    const { name, part } = currentTarget.dataset;
    this.change(form.written(this.stand.typed, { name, part }, form.HALVES[Number(detail.value)]));
  },

  /** @param {any} event */
  addRow({ currentTarget }) {
    this.change(form.rowed(this.stand.typed, currentTarget.dataset.name));
  },

  /** @param {any} event */
  dropRow({ currentTarget }) {
    this.change(form.rowed(this.stand.typed, currentTarget.dataset.name, currentTarget.dataset.row));
  },

  /** @param {any} event */
  async addFile({ currentTarget }) {
    const { name } = currentTarget.dataset;
    const chosen = await files.choosePicture();
    if (!chosen) {
      return;
    }
    await screen.act(this, async () => {
      const made = await api.call("attachToForm", { file: chosen.path, fileField: "paper" });
      this.stand.files = { ...this.stand.files, [made.id]: made.name };
      this.change(form.written(this.stand.typed, { name }, (this.stand.typed[name] || []).concat(made.id)));
    });
  },

  /** @param {any} event */
  dropFile({ currentTarget }) {
    const { name, id } = currentTarget.dataset;
    const rest = this.stand.typed[name].filter((/** @type {string} */ one) => one !== id);
    this.change(form.written(this.stand.typed, { name }, rest));
  },

  /**
   * Whom the applicant chooses for a step: among candidates, or anybody by name.
   * @param {any} event
   */
  choose({ detail, currentTarget }) {
    const { step, candidates } = currentTarget.dataset;
    const chosen = candidates ? candidates[Number(detail.value)].id : detail.value.trim();
    this.choices = { ...this.choices, [step]: chosen ? [chosen] : [] };
    this.setData(this.drawn());
  },

  /** @param {form.Typed} typed */
  change(typed) {
    this.stand = { ...this.stand, typed };
    this.setData({ fields: form.drawn(this.stand, this.hasTried) });
    screen.unsaved();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.preview(), PAUSE_MS);
  },

  /** What the form comes to, from the server; an answer that is overtaken is dropped, and the last one stays without. */
  async preview() {
    const mine = ++this.asked;
    const body = sent(this);
    const asked = this.requestId
      ? api.call("fillChange", { id: this.requestId, body }).then((fill) => fill.preview)
      : api.call("previewForm", { id: this.code, body });
    const preview = await asked.catch((problem) => screen.toast(problem.sentence));
    if (preview && mine === this.asked) {
      this.stand = { ...this.stand, preview };
      this.setData(this.drawn());
    }
  },

  async save() {
    await screen.act(this, async () => {
      const kept = await api.call("saveFormDraft", { id: this.code, body: sent(this) });
      this.draftId = kept.id;
      screen.saved();
      screen.done("已保存");
    });
  },

  async submit() {
    this.hasTried = true;
    const problem = await screen.act(this, async () => {
      const body = sent(this);
      this.requestId
        ? await api.call("changeForm", { id: this.requestId, body })
        : await api.call("submitForm", { id: this.code, body });
      screen.saved();
      screen.done("已提交");
      wx.redirectTo({ url: "/pages/approvals/mine/index" });
    });
    if (problem) {
      await this.preview();
    }
  },
});
