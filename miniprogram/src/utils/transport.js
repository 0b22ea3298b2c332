const { ORIGIN } = require("../config");
const { offline } = require("./problem");

const ROOT = `${ORIGIN}/api/v1`;
const PATIENCE_MS = 15000;

/**
 * @typedef {object} Ask One request as it goes over the wire; `file` is a local path sent as the form field `fileField`.
 * @property {"GET" | "POST" | "PUT" | "DELETE"} method
 * @property {string} path below /api/v1
 * @property {Record<string, any>} [body]
 * @property {Record<string, string>} [headers]
 * @property {string} [file]
 * @property {string} [fileField]
 */
/** @typedef {{status: number, body: any}} Answer */

/**
 * Sends a request; any HTTP status is an answer, only silence is refused.
 * @param {Ask} ask
 * @returns {Promise<Answer>}
 */
function send(ask) {
  return ask.file ? upload(ask, ask.file) : exchange(ask);
}

/**
 * @param {Ask} ask
 * @returns {Promise<Answer>}
 */
function exchange({ method, path, body, headers }) {
  return new Promise((resolve, reject) => {
    wx.request({
      url: ROOT + path,
      method,
      data: body && JSON.stringify(body),
      header: { Accept: "application/json", ...(body && { "Content-Type": "application/json" }), ...headers },
      timeout: PATIENCE_MS,
      success: ({ statusCode, data }) => resolve({ status: statusCode, body: data }),
      fail: () => reject(offline()),
    });
  });
}

/**
 * @param {Ask} ask
 * @param {string} filePath
 * @returns {Promise<Answer>}
 */
function upload({ path, body = {}, headers, fileField = "file" }, filePath) {
  const given = Object.entries(body).filter(([, value]) => value !== undefined && value !== null);
  return new Promise((resolve, reject) => {
    wx.uploadFile({
      url: ROOT + path,
      filePath,
      name: fileField,
      formData: Object.fromEntries(given.map(([name, value]) => [name, String(value)])),
      header: headers,
      timeout: PATIENCE_MS * 4,
      success: ({ statusCode, data }) => resolve({ status: statusCode, body: parsed(data) }),
      fail: () => reject(offline()),
    });
  });
}

/**
 * Fetches a file; the body of the answer is the place where it lies.
 * @param {Ask} ask
 * @returns {Promise<Answer>}
 */
function download({ path, headers }) {
  return new Promise((resolve, reject) => {
    wx.downloadFile({
      url: ROOT + path,
      header: headers,
      timeout: PATIENCE_MS * 4,
      success: ({ statusCode, tempFilePath }) => resolve({ status: statusCode, body: tempFilePath }),
      fail: () => reject(offline()),
    });
  });
}

/** @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

module.exports = { send, download };
