/** The three states of a page around its content: waiting, failed (with another try), nothing there. */
Component({
  options: { addGlobalClass: true },
  properties: {
    status: { type: String, value: "loading" },
    problem: { type: String, value: "" },
    /** What to say when there is nothing; empty while there is something. */
    empty: { type: String, value: "" },
  },
  methods: {
    retry() {
      this.triggerEvent("retry");
    },
  },
});
