/** A labelled line of a form, with what is wrong with it below. */
Component({
  options: { addGlobalClass: true },
  properties: {
    label: { type: String, value: "" },
    must: { type: Boolean, value: false },
    problem: { type: String, value: "" },
    hint: { type: String, value: "" },
  },
});
