const { money } = require("../../utils/format");

const COLOURS = ["#05803f", "#2458b3", "#9a5b00", "#7a3fa0", "#0b7d86", "#a3324b", "#5a6b1f", "#474c54"];

/** A bar made of the parts of pay, and its legend; lengths are thousandths that the server has worked out. */
Component({
  properties: {
    label: { type: String, value: "" },
    parts: { type: Array, value: [] },
  },
  observers: {
    /** @param {{name: string, amount: string, permille: number}[]} parts */
    parts(parts) {
      this.setData({
        shown: parts.map((part, order) => ({
          ...part,
          amount: money(part.amount),
          order,
          colour: COLOURS[order % COLOURS.length],
          width: part.permille / 10,
        })),
      });
    },
  },
  data: {
    shown: /** @type {any[]} */ ([]),
  },
});
