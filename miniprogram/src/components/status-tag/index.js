/** A few characters on a coloured ground; `tone` is good, bad, wait or empty. */
Component({
  properties: {
    title: { type: String, value: "" },
    tone: { type: String, value: "" },
  },
});
