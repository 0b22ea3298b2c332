/** A phone that belongs to a test: it answers requests as the test says and remembers what the mini-program did. */
const ORIGIN = "https://hr.example.com/api/v1";

class Phone {
  constructor(answers = {}) {
    this.answers = { "POST /session": { status: 201, body: { token: "token-1" } }, ...answers };
    this.requests = [];
    this.storage = new Map();
    this.place = { latitude: 31.175304, longitude: 121.531542, accuracy: 20 };
    this.toasts = [];
    this.went = [];
    this.agrees = true;
    global.wx = this.wx();
  }

  wx() {
    const went = (how) => ({ url }) => this.went.push(`${how} ${url}`);
    return {
      getStorageSync: (name) => this.storage.get(name) || "",
      setStorageSync: (name, value) => this.storage.set(name, value),
      qy: { login: ({ success }) => success({ code: "code-of-wecom" }) },
      login: ({ success }) => success({ code: "code-of-wechat" }),
      request: (options) => this.request(options),
      uploadFile: (options) => this.upload(options),
      showToast: ({ title }) => this.toasts.push(title),
      showModal: ({ success }) => success({ confirm: this.agrees }),
      stopPullDownRefresh: () => undefined,
      setNavigationBarTitle: ({ title }) => {
        this.title = title;
      },
      enableAlertBeforeUnload: ({ message }) => {
        this.warning = message;
      },
      disableAlertBeforeUnload: () => {
        this.warning = "";
      },
      downloadFile: (options) => this.download(options),
      getImageInfo: ({ success, fail }) => (this.isPicture ? success({}) : fail({ errMsg: "getImageInfo:fail" })),
      openDocument: ({ filePath }) => this.went.push(`document ${filePath}`),
      previewImage: ({ urls }) => this.went.push(`picture ${urls[0]}`),
      navigateTo: went("to"),
      redirectTo: went("instead"),
      navigateBack: () => this.went.push("back"),
      openSetting: () => this.went.push("settings"),
      getLocation: ({ success, fail }) => (this.place ? success(this.place) : fail({ errMsg: "getLocation:fail auth deny" })),
      scanCode: ({ success }) => success({ result: this.code }),
      chooseMedia: ({ success, fail }) => (this.picture ? success({ tempFiles: [{ tempFilePath: this.picture }] }) : fail({ errMsg: "cancel" })),
      setClipboardData: ({ data, success }) => success(this.storage.set("clipboard", data)),
      onUserCaptureScreen: (listener) => {
        this.capture = listener;
      },
      offUserCaptureScreen: () => {
        this.capture = undefined;
      },
    };
  }

  /** The newest request of this operation. */
  last(operation) {
    return this.all(operation).pop();
  }

  all(operation) {
    return this.requests.filter((request) => request.operation === operation);
  }

  request({ url, method, data, header, success, fail }) {
    const [path, query = ""] = url.replace(ORIGIN, "").split("?");
    const request = {
      operation: `${method} ${path}`,
      query: Object.fromEntries(new URLSearchParams(query)),
      body: data && JSON.parse(data),
      header,
    };
    this.requests.push(request);
    this.answer(request, success, fail);
  }

  upload({ url, filePath, name, formData, header, success, fail }) {
    const request = { operation: `POST ${url.replace(ORIGIN, "")}`, file: { name, filePath }, body: formData, header };
    this.requests.push(request);
    this.answer(request, ({ statusCode, data }) => success({ statusCode, data: JSON.stringify(data) }), fail);
  }

  download({ url, header, success, fail }) {
    const request = { operation: `GET ${url.replace(ORIGIN, "")}`, header };
    this.requests.push(request);
    this.answer(request, ({ statusCode }) => success({ statusCode, tempFilePath: `wxfile://tmp/${this.requests.length}` }), fail);
  }

  /** `undefined` as answer is silence; a function decides itself; anything that is no `{status, body}` is a 200. */
  async answer(request, success, fail) {
    const given = this.answers[request.operation];
    const answer = await (typeof given === "function" ? given(request) : given);
    if (answer === undefined) {
      fail({ errMsg: "request:fail" });
    } else if (typeof answer.status === "number") {
      success({ statusCode: answer.status, data: answer.body });
    } else {
      success({ statusCode: 200, data: answer });
    }
  }
}

/** A refusal as the product writes it. */
function problem(status, code, title, errors) {
  return { status, body: { type: `/problems/${code}`, title, status, request_id: "r", ...(errors && { errors }) } };
}

module.exports = { Phone, problem };
