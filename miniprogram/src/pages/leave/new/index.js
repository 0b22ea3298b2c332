const api = require("../../../utils/api");
const files = require("../../../utils/files");
const { today } = require("../../../utils/format");
const form = require("../../../utils/leave-form");
const screen = require("../../../utils/screen");
const { HALVES } = require("../../../utils/words");

const PAUSE_MS = 250;
const ABOUT = {
  edit: "修改后按新的内容重新审批，占用的额度在提交时重新计算。",
  replaces: "改期：批准后原来的日期自动取消，额度随日期调整。",
  extends: "续假：和原来的假期连在一起计算。",
};

/**
 * What the form begins with: a draft of mine, a request to be changed, moved or gone on with, or what was chosen.
 * @param {any} query
 */
async function chosen({ draft, edit, replaces, extends: before, kind, first_day: first, last_day: last }) {
  if (draft) {
    return (await api.call("leaveDraft", { id: draft })).form;
  }
  if (edit) {
    return api.call("leaveFormOf", { id: edit });
  }
  if (replaces || before) {
    return api.call("leaveForm", { query: { replaces, extends: before } });
  }
  return { kind, first_day: first, last_day: last };
}

/** Every field that a request has, as the form holds them; the proof goes beside it as a file (`proof`). */
Page({
  data: {
    ...screen.INITIAL,
    about: "",
    isEdit: false,
    isKindFixed: false,
    kinds: /** @type {any[]} */ ([]),
    kindIndex: 0,
    hasHalves: false,
    hasHours: false,
    hasProof: false,
    isDaily: false,
    asks: /** @type {any[]} */ ([]),
    told: /** @type {Record<string, any>} */ ({}),
    links: /** @type {Record<string, string>} */ ({}),
    proofName: "",
    source: "",
    halves: Object.values(HALVES),
    firstDay: "",
    lastDay: "",
    firstDayText: "",
    lastDayText: "",
    fromHalf: "am",
    toHalf: "pm",
    byHour: false,
    fromTime: "09:00",
    toTime: "12:00",
    reason: "",
    cover: "",
    proof: /** @type {{path: string, name: string} | null} */ (null),
    preview: /** @type {any} */ (null),
    refusal: "",
    why: /** @type {any} */ (null),
    errors: /** @type {Record<string, string>} */ ({}),
  },
  timer: 0,
  asked: 0,
  query: /** @type {Record<string, string | undefined>} */ ({}),
  draftId: "",

  /** @param {Record<string, string | undefined>} query */
  onLoad(query = {}) {
    this.query = query;
    this.draftId = query.draft || "";
    const way = query.edit ? "edit" : query.replaces ? "replaces" : query.extends ? "extends" : "";
    this.setData({ isEdit: way === "edit", isKindFixed: Boolean(way), about: way && ABOUT[way] });
    return this.refresh();
  },

  onUnload() {
    clearTimeout(this.timer);
  },

  async refresh() {
    const problem = await screen.show(this, async () => {
      const [kinds, begins] = await Promise.all([api.call("leaveKinds"), chosen(this.query)]);
      return { kinds, ...(kinds.length && form.begun(kinds, begins, today())) };
    });
    if (!problem && this.data.kinds.length) {
      await this.preview();
    }
  },

  /** @param {WechatMiniprogram.PickerChange} event */
  chooseKind({ detail }) {
    const kindIndex = Number(detail.value);
    this.change({ kindIndex, ...form.choices(this.data.kinds[kindIndex]) });
  },

  /** @param {WechatMiniprogram.PickerChange} event */
  chooseFirstDay({ detail }) {
    const first = String(detail.value);
    this.change(form.days(first, this.data.lastDay < first ? first : this.data.lastDay));
  },

  /** @param {WechatMiniprogram.PickerChange} event */
  chooseLastDay({ detail }) {
    this.change(form.days(this.data.firstDay, String(detail.value)));
  },

  /** @param {WechatMiniprogram.PickerChange} event */
  chooseHalf({ detail, currentTarget }) {
    this.change({ [currentTarget.dataset.name]: Object.keys(HALVES)[Number(detail.value)] });
  },

  /** @param {WechatMiniprogram.SwitchChange} event */
  chooseHours({ detail }) {
    this.change({ byHour: detail.value });
  },

  /** @param {WechatMiniprogram.PickerChange} event */
  chooseTime({ detail, currentTarget }) {
    this.change({ [currentTarget.dataset.name]: String(detail.value) });
  },

  /**
   * What was told of the occasion; what is empty is not sent.
   * @param {any} event
   */
  tell({ detail, currentTarget }) {
    const at = Number(currentTarget.dataset.at);
    const { name, control, options, titles } = this.data.asks[at];
    const value = control === "choice" ? options[Number(detail.value)][0] : detail.value;
    const shown = control === "choice" ? titles[Number(detail.value)] : String(detail.value);
    /** @type {Record<string, any>} */
    const told = { ...this.data.told, [name]: control === "number" ? Number(value) : value };
    if (value === "" || value === false) {
      delete told[name];
    }
    this.change({ told, [`asks[${at}].shown`]: shown });
  },

  /**
   * The reason, or the colleague who covers: neither changes what it costs.
   * @param {any} event
   */
  write({ detail, currentTarget }) {
    this.setData({ [currentTarget.dataset.name]: detail.value });
    screen.unsaved();
  },

  async chooseProof() {
    const proof = await files.choosePicture();
    if (proof) {
      this.setData({ proof });
    }
  },

  /** @param {Record<string, any>} changes */
  change(changes) {
    this.setData({ ...changes, errors: {} });
    screen.unsaved();
    this.soon();
  },

  /** Asks for a preview when the fingers rest. */
  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.preview(), PAUSE_MS);
  },

  /**
   * What the request would cost and leave, or why not, from the server; an answer that is overtaken is dropped. Of a
   * request that is changed only the length: its balance is reckoned anew without itself when it is submitted.
   */
  async preview() {
    const mine = ++this.asked;
    const query = form.plan(this.data);
    const { isEdit } = this.data;
    const result = await api.call("previewLeave", { query }).then(
      (found) => ({ preview: { ...form.shownPreview(found), ...(isEdit && { balance_after: null }) }, refusal: isEdit ? "" : found.refusal || "" }),
      (problem) => ({ preview: null, refusal: problem.sentence || "" }),
    );
    const why = result.preview && result.refusal ? await api.call("whyNot", { query }).then(form.shownWhy, () => null) : null;
    if (mine === this.asked) {
      this.setData({ ...result, why });
    }
  },

  async save() {
    await screen.act(this, async () => {
      const draft = this.draftId ? { draft_id: this.draftId } : {};
      const kept = await api.call("saveLeaveDraft", { body: { ...form.whole(this.data), ...draft } });
      this.draftId = kept.id;
      screen.saved();
      screen.done("已保存");
    });
  },

  async submit() {
    await screen.act(this, async () => {
      const id = await (this.query.edit ? this.edit(this.query.edit) : this.apply());
      screen.saved();
      screen.done("已提交");
      wx.redirectTo({ url: `/pages/leave/request/index?id=${id}` });
    });
  },

  /** @returns {Promise<string>} the id of the request; the draft that it came from ends with it */
  async apply() {
    const { proof } = this.data;
    const body = { ...form.whole(this.data), ...(this.draftId && { draft_id: this.draftId }) };
    const made = await api.call("applyForLeave", { body, ...(proof && { file: proof.path, fileField: "proof" }) });
    return made.id;
  },

  /**
   * A file cannot go along with a change, so a new proof is handed in before it.
   * @param {string} id
   */
  async edit(id) {
    const { proof } = this.data;
    if (proof) {
      await api.call("addProof", { id, file: proof.path, fileField: "proof" });
    }
    await api.call("editLeave", { id, body: form.whole(this.data) });
    return id;
  },
});
