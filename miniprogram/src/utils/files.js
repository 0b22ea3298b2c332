const api = require("./api");

/**
 * Lets a picture be chosen or taken; `null` when it was not.
 * @returns {Promise<{path: string, name: string} | null>}
 */
function choosePicture() {
  return new Promise((resolve) => {
    wx.chooseMedia({
      count: 1,
      mediaType: ["image"],
      sizeType: ["compressed"],
      success: ({ tempFiles }) => resolve({ path: tempFiles[0].tempFilePath, name: "已选择 1 张图片" }),
      fail: () => resolve(null),
    });
  });
}

/**
 * Shows a file of the product: what is a picture as such, anything else as a document.
 * @param {api.Operation} operation
 * @param {api.Wish} wish
 */
async function show(operation, wish) {
  const place = await api.fetchFile(operation, wish);
  wx.getImageInfo({
    src: place,
    success: () => wx.previewImage({ urls: [place] }),
    fail: () => wx.openDocument({ filePath: place, showMenu: true }),
  });
}

module.exports = { choosePicture, show };
