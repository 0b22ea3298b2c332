const api = require("../../../utils/api");
const { day, today } = require("../../../utils/format");
const screen = require("../../../utils/screen");
const { HALVES } = require("../../../utils/words");

const PAUSE_MS = 250;

/**
 * The form as the API wants it: the same for a preview and for the request.
 * @param {any} data
 */
function plan({ kinds, kindIndex, firstDay, lastDay, fromHalf, toHalf, byHour, isDaily, fromTime, toTime, told }) {
  const days = { kind: kinds[kindIndex].code, first_day: firstDay, ...told };
  return byHour
    ? { ...days, last_day: isDaily ? lastDay : firstDay, from_time: fromTime, to_time: toTime }
    : { ...days, last_day: lastDay, from_half: fromHalf, to_half: toHalf };
}

/** @param {any} preview the server's PreviewOut */
function shownPreview(preview) {
  return {
    ...preview,
    days: preview.portions.map((/** @type {any} */ portion) => day(portion.day)).join("、"),
  };
}

/**
 * What the form asks of the occasion, each field with the words of its choices.
 * @param {any} kind the server's KindOut
 */
function asked(kind) {
  return (kind.asks || []).map((/** @type {any} */ one) => ({
    ...one,
    titles: one.options.map((/** @type {string[]} */ option) => option[1]),
    shown: "",
  }));
}

/**
 * What a choice of the kind means for the form; whether it is allowed is for the server to say.
 * @param {any} kind the server's KindOut
 */
function choices(kind) {
  return {
    hasHalves: kind.unit !== "day",
    hasHours: kind.unit === "hour",
    hasProof: kind.proof_after_days !== null,
    isDaily: Boolean(kind.is_daily),
    asks: asked(kind),
    told: {},
    proofName: kind.proof_name,
    source: kind.source,
    ...(kind.unit === "day" && { fromHalf: "am", toHalf: "pm" }),
    ...(kind.unit !== "hour" && { byHour: false }),
    ...(kind.proof_after_days === null && { proof: null }),
  };
}

Page({
  data: {
    ...screen.INITIAL,
    kinds: /** @type {any[]} */ ([]),
    kindIndex: 0,
    hasHalves: false,
    hasHours: false,
    hasProof: false,
    isDaily: false,
    asks: /** @type {any[]} */ ([]),
    told: /** @type {Record<string, any>} */ ({}),
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
    proof: /** @type {{path: string, name: string} | null} */ (null),
    preview: /** @type {any} */ (null),
    refusal: "",
    errors: /** @type {Record<string, string>} */ ({}),
  },
  timer: 0,
  asked: 0,

  onLoad() {
    this.changeDays(today(), today());
    return this.refresh();
  },

  onUnload() {
    clearTimeout(this.timer);
  },

  async refresh() {
    const problem = await screen.show(this, async () => {
      const kinds = await api.call("leaveKinds");
      return { kinds, kindIndex: 0, ...(kinds.length && choices(kinds[0])) };
    });
    if (!problem && this.data.kinds.length) {
      await this.preview();
    }
  },

  /** @param {WechatMiniprogram.PickerChange} event */
  chooseKind({ detail }) {
    const kindIndex = Number(detail.value);
    this.change({ kindIndex, ...choices(this.data.kinds[kindIndex]) });
  },

  /** @param {WechatMiniprogram.PickerChange} event */
  chooseFirstDay({ detail }) {
    const first = String(detail.value);
    this.changeDays(first, this.data.lastDay < first ? first : this.data.lastDay);
    this.soon();
  },

  /** @param {WechatMiniprogram.PickerChange} event */
  chooseLastDay({ detail }) {
    this.changeDays(this.data.firstDay, String(detail.value));
    this.soon();
  },

  /**
   * @param {string} firstDay
   * @param {string} lastDay
   */
  changeDays(firstDay, lastDay) {
    this.setData({ firstDay, lastDay, firstDayText: day(firstDay), lastDayText: day(lastDay) });
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

  /** @param {WechatMiniprogram.TextareaInput} event */
  writeReason({ detail }) {
    this.setData({ reason: detail.value });
  },

  chooseProof() {
    wx.chooseMedia({
      count: 1,
      mediaType: ["image"],
      sizeType: ["compressed"],
      success: ({ tempFiles }) => this.setData({ proof: { path: tempFiles[0].tempFilePath, name: "已选择 1 张图片" } }),
    });
  },

  /** @param {Record<string, any>} changes */
  change(changes) {
    this.setData({ ...changes, errors: {} });
    this.soon();
  },

  /** Asks for a preview when the fingers rest. */
  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.preview(), PAUSE_MS);
  },

  /** What the request would cost and leave, from the server; an answer that is overtaken is dropped. */
  async preview() {
    const mine = ++this.asked;
    const result = await api.call("previewLeave", { query: plan(this.data) }).then(
      (preview) => ({ preview: shownPreview(preview), refusal: preview.refusal || "" }),
      (problem) => ({ preview: null, refusal: problem.sentence || "" }),
    );
    if (mine === this.asked) {
      this.setData(result);
    }
  },

  async submit() {
    const { proof, reason } = this.data;
    await screen.act(this, async () => {
      const body = { ...plan(this.data), reason };
      const made = await api.call("applyForLeave", { body, ...(proof && { file: proof.path, fileField: "proof" }) });
      screen.done("已提交");
      wx.redirectTo({ url: `/pages/leave/request/index?id=${made.id}` });
    });
  },
});
