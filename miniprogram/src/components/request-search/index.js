const PAUSE_MS = 250;
const EMPTY = { q: "", subject: "", person: "", first_day: "", last_day: "" };

/** Looking for requests: words first, the rest one tap away. Tells `search` with what the API asks for. */
Component({
  options: { addGlobalClass: true },
  properties: {
    hint: { type: String, value: "" },
    /** What can be asked for, by the name that approvals give it: `{subject, title}`. */
    kinds: { type: Array, value: [] },
    /** My own requests need no name. */
    mine: { type: Boolean, value: false },
  },
  data: { ...EMPTY, isOpen: false, isNarrowed: false, kindTitle: "", timer: 0 },
  lifetimes: {
    detached() {
      clearTimeout(this.data.timer);
    },
  },
  methods: {
    toggle() {
      this.setData({ isOpen: !this.data.isOpen });
    },

    /** @param {any} event words, somebody's name, or a day */
    write({ detail, currentTarget }) {
      this.narrow({ [currentTarget.dataset.name]: detail.value });
    },

    /** @param {WechatMiniprogram.PickerChange} event */
    chooseKind({ detail }) {
      /** @type {{subject: string, title: string}} */
      const { subject, title } = this.data.kinds[Number(detail.value)];
      this.narrow({ subject, kindTitle: title });
    },

    clear() {
      this.narrow({ ...EMPTY, q: this.data.q, kindTitle: "" });
    },

    /** @param {Record<string, string>} changes told when the fingers rest */
    narrow(changes) {
      clearTimeout(this.data.timer);
      this.setData(changes);
      const { q, subject, person, first_day, last_day } = this.data;
      const isNarrowed = Boolean(subject || person || first_day || last_day);
      const tell = () => this.triggerEvent("search", { q, subject, person, first_day, last_day });
      this.setData({ isNarrowed, timer: setTimeout(tell, PAUSE_MS) });
    },
  },
});
