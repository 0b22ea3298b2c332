const { Problem, refused } = require("./problem");
const transport = require("./transport");

const PLACE = "session";

let known = "";
/** @type {Promise<string> | null} */
let opening = null;

/** The token of the session, kept in memory and in storage; empty before the first login. */
function token() {
  known = known || wx.getStorageSync(PLACE) || "";
  return known;
}

/**
 * Logs in anew, once however many ask at the same time. Whoever comes with a token that has been replaced meanwhile
 * gets the new one.
 * @param {string} stale the token that did not work, empty for none
 */
function renew(stale = "") {
  if (stale !== token()) {
    return Promise.resolve(token());
  }
  opening =
    opening ||
    open().finally(() => {
      opening = null;
    });
  return opening;
}

/** @returns {Promise<string>} */
async function open() {
  const code = await loginCode();
  const answer = await transport.send({ method: "POST", path: "/session", body: { code } });
  if (answer.status !== 201) {
    throw refused(answer.status, answer.body);
  }
  known = answer.body.token;
  wx.setStorageSync(PLACE, known);
  return known;
}

/**
 * WeCom's own login where there is one; `wx.login` serves DevTools.
 * @returns {Promise<string>}
 */
function loginCode() {
  return new Promise((resolve, reject) => {
    (wx.qy || wx).login({
      success: ({ code }) => resolve(code),
      fail: () => reject(new Problem("没能登录，请从企业微信的工作台重新打开")),
    });
  });
}

module.exports = { token, renew };
