const acts = require("../../../utils/acts");
const api = require("../../../utils/api");
const files = require("../../../utils/files");
const screen = require("../../../utils/screen");

Page({
  data: {
    ...screen.INITIAL,
    title: "",
    about: "",
    fields: /** @type {any[]} */ ([]),
    picture: "",
    errors: /** @type {Record<string, string>} */ ({}),
  },
  name: "",
  id: "",
  seen: 0,
  task: "",
  path: "",
  values: /** @type {Record<string, string>} */ ({}),

  /**
   * Which act, on which request, in which version it was read.
   * @param {Record<string, string | undefined>} query
   */
  onLoad({ act = "comment", id = "", seen = "0" }) {
    Object.assign(this, { name: acts.ACTS[act] ? act : "comment", id, seen: Number(seen) });
    return this.refresh();
  },

  refresh() {
    return screen.show(this, async () => {
      const instance = await api.call("instance", { id: this.id });
      const fields = acts.fieldsOf(this.name, instance);
      this.task = instance.my_task_id || "";
      this.values = Object.fromEntries(fields.map(({ name, value }) => [name, value]));
      const { title } = acts.ACTS[this.name];
      wx.setNavigationBarTitle({ title });
      return { title, about: instance.title, fields };
    });
  },

  /** @param {any} event */
  write({ detail, currentTarget }) {
    const { at } = currentTarget.dataset;
    const { name, control, options } = this.data.fields[at];
    const chosen = control === "choice" ? options[Number(detail.value)].value : detail.value;
    this.values = { ...this.values, [name]: chosen };
    this.setData({ [`fields[${at}].value`]: chosen, [`fields[${at}].shown`]: control === "choice" ? options[Number(detail.value)].title : chosen });
  },

  async choosePaper() {
    const chosen = await files.choosePicture();
    if (chosen) {
      this.path = chosen.path;
      this.setData({ picture: chosen.name });
    }
  },

  async submit() {
    const { about, operation, done } = acts.ACTS[this.name];
    const id = about === "task" ? this.task : this.id;
    await screen.act(this, async () => {
      const body = acts.bodyOf(this.name, this.values, this.seen);
      const paper = this.path ? { file: this.path, fileField: "paper" } : {};
      await api.call(operation, { id, body, ...paper });
      screen.done(done);
      wx.navigateBack();
    });
  },
});
