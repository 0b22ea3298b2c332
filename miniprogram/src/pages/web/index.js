const { ORIGIN } = require("../../config");

const FRONT = "/h5/";
const OURS = /^\/h5\/(?!.*\.\.)[^\\]*$/;

Page({
  data: { src: "" },

  /**
   * Opens a page of the product; anything else becomes its front page.
   * @param {Record<string, string | undefined>} query
   */
  onLoad({ path = "" }) {
    const wanted = decodeURIComponent(path);
    this.setData({ src: ORIGIN + (OURS.test(wanted) ? wanted : FRONT) });
  },
});
