const api = require("../../../utils/api");
const { day, today } = require("../../../utils/format");
const screen = require("../../../utils/screen");
const { CHANGES } = require("../../../utils/words");

/**
 * @param {any} step the server's StepOut
 * @param {number} order
 */
function shownStep(step, order) {
  const change = CHANGES[/** @type {keyof typeof CHANGES} */ (step.kind)];
  const sentence = step.kind === "now" ? `今天可用 ${step.left}` : `${day(step.on)}：${step.title}${change} ${step.change}，共 ${step.left}`;
  return { order, sentence, note: step.sentence };
}

/** @param {any} held the server's HeldOut */
function shownHeld(held) {
  const back = held.state === "pending" ? "，未批准会退回" : "";
  return { id: held.request_id, sentence: `已扣除：${day(held.first_day)}起 ${held.length}（${held.state_name}）${back}` };
}

/** @param {any} forecast the server's ForecastOut */
function shown(forecast) {
  return {
    kind: forecast.kind,
    name: forecast.kind_name,
    length: forecast.length,
    when: `${day(forecast.day)}可用，假设这之前不再请假`,
    steps: forecast.steps.map(shownStep),
    held: forecast.held.map(shownHeld),
  };
}

Page({
  data: { ...screen.INITIAL, day: "", dayText: "今年最后一天", today: today(), kind: "", forecasts: /** @type {any[]} */ ([]) },

  /** @param {Record<string, string | undefined>} query */
  onLoad({ kind = "" }) {
    this.setData({ kind });
    return this.refresh();
  },

  refresh() {
    const { day: on, kind } = this.data;
    return screen.show(this, async () => {
      const forecasts = await api.call("forecast", { query: { day: on, kind } });
      return { forecasts: forecasts.map(shown) };
    });
  },

  /** @param {WechatMiniprogram.PickerChange} event */
  chooseDay({ detail }) {
    this.setData({ day: String(detail.value), dayText: day(String(detail.value)), status: "loading" });
    return this.refresh();
  },

  showAll() {
    this.setData({ kind: "", status: "loading" });
    return this.refresh();
  },
});
