const api = require("../../../utils/api");
const screen = require("../../../utils/screen");
const { COVERS } = require("../../../utils/words");

/** @param {any} cover the server's CoverOut */
function shown(cover) {
  return { cover: { ...cover, ...COVERS[/** @type {keyof typeof COVERS} */ (cover.state)] } };
}

Page({
  data: { ...screen.INITIAL, cover: /** @type {any} */ (null), errors: /** @type {Record<string, string>} */ ({}) },
  id: "",

  /** @param {Record<string, string | undefined>} query */
  onLoad({ id = "" }) {
    this.id = id;
    return this.refresh();
  },

  refresh() {
    return screen.show(this, async () => shown(await api.call("cover", { id: this.id })));
  },

  accept() {
    return this.answer(true);
  },

  async decline() {
    if (await screen.sure("告诉对方您不能代班？")) {
      await this.answer(false);
    }
  },

  /** @param {boolean} accepts */
  async answer(accepts) {
    const problem = await screen.act(this, async () => {
      this.setData(shown(await api.call("answerCover", { id: this.id, body: { accepts } })));
      screen.done("已答复");
    });
    if (problem) {
      await this.refresh();
    }
  },
});
