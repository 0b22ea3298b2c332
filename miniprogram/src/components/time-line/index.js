const { moment } = require("../../utils/format");

/** What happened, oldest first: entries as the API gives them, `{at, title, note, tone}`. */
Component({
  properties: {
    entries: { type: Array, value: [] },
  },
  observers: {
    /** @param {{at: string, title: string, note: string, tone: string}[]} entries */
    entries(entries) {
      this.setData({ shown: entries.map((entry, order) => ({ ...entry, order, when: moment(entry.at) })) });
    },
  },
  data: {
    shown: /** @type {any[]} */ ([]),
  },
});
