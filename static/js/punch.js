// Punching: asks the phone where it is, then sends the form. In WeCom's own browser its JavaScript answers in GCJ-02
// and can scan; everywhere else the browser answers in WGS-84. The form keeps its nonce, so a retry is the same punch.
const punch = document.getElementById("punch");
const state = document.getElementById("punch-state");
const hint = state.textContent;
let located = false;

document.addEventListener("submit", async (event) => {
  if (event.target !== punch || located) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const button = event.submitter;
  state.textContent = "正在定位…";
  try {
    for (const [name, value] of Object.entries(await claims())) punch.elements[name].value = value;
    located = true;
    punch.requestSubmit(button);
  } catch (failure) {
    say(failure.message);
  } finally {
    located = false;
    state.textContent = hint;
  }
}, true);

// What this phone can say: where it is, its router, and the name it gave itself, so that one phone for two is noticed.
// In the field it may keep silent about where it is; on a listed Wi-Fi it need not know.
async function claims() {
  const wifi = await router();
  try {
    return { ...await whereAmI(), wifi, device: deviceName() };
  } catch (failure) {
    if (wifi || "anywhere" in punch.dataset) return { wifi, device: deviceName() };
    throw failure;
  }
}

function deviceName() {
  try {
    let name = localStorage.getItem("punch-device");
    if (!name) localStorage.setItem("punch-device", name = crypto.randomUUID());
    return name;
  } catch { return ""; /* a browser that keeps nothing */ }
}

async function router() {
  try {
    if (!await isReady()) return "";
    await ww.startWifi();
    const { wifi } = await ww.getConnectedWifi();
    return wifi.BSSID || "";
  } catch { return ""; }
}

async function whereAmI() {
  if (await isReady()) {
    try {
      const { latitude, longitude, accuracy } = await ww.getLocation({ type: "gcj02" });
      return { latitude, longitude, accuracy: accuracy || 0, datum: "gcj02" };
    } catch { /* the client refused or is too old: ask the browser */ }
  }
  return askBrowser();
}

function askBrowser() {
  const scan = "也可以用企业微信扫描打卡点的二维码。";
  if (!navigator.geolocation) return Promise.reject(new Error(`这个浏览器不能定位，请在企业微信中打开；${scan}`));
  return new Promise((found, failed) => navigator.geolocation.getCurrentPosition(
    ({ coords }) => found({ latitude: coords.latitude, longitude: coords.longitude, accuracy: coords.accuracy, datum: "wgs84" }),
    (error) => failed(new Error(error.code === error.PERMISSION_DENIED
      ? `定位没有被允许：请在手机设置中允许企业微信（或浏览器）使用位置信息，再点一次；${scan}`
      : `暂时定位不到：请打开 GPS 和 Wi-Fi，到窗边或室外再试；${scan}`)),
    { enableHighAccuracy: true, timeout: 10000, maximumAge: 0 },
  ));
}

// WeCom's JavaScript, registered once; false outside WeCom or when our signature was not accepted.
let registration;
function isReady() {
  if (!window.ww) return Promise.resolve(false);
  registration ??= register().then(() => true, () => { registration = undefined; return false; });
  return registration;
}

async function register() {
  const sign = async (url) => {
    const answer = await fetch(`/h5/jssdk?url=${encodeURIComponent(url)}`, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error("no signature");
    const { corp_id: corpId, agent_id: agentId, timestamp, nonce: nonceStr, signature } = await answer.json();
    return { corpId, agentId, timestamp, nonceStr, signature };
  };
  const { corpId, agentId } = await sign(location.href.split("#")[0]);
  ww.register({ corpId, agentId, jsApiList: ["getLocation", "scanQRCode", "startWifi", "getConnectedWifi"], getConfigSignature: sign });
}

const scan = document.getElementById("punch-scan");
if (scan) scan.hidden = !window.ww;
scan?.addEventListener("click", async () => {
  try {
    if (!await isReady()) throw new Error("not ready");
    const { resultStr } = await ww.scanQRCode({ needResult: true, scanType: ["qrCode"] });
    const address = new URL(resultStr);
    if (address.origin === location.origin && address.pathname === "/h5/attendance/scan") location.assign(address);
    else say("这不是打卡二维码，请对准打卡屏再扫一次。");
  } catch {
    say("扫码没有成功，请用企业微信右上角的“扫一扫”对准打卡屏。");
  }
});
