/** Draws components and pages from their files, with Tencent's compiler and without a phone. */
const fs = require("node:fs");
const path = require("node:path");

const simulate = require("miniprogram-simulate");
const tools = require("miniprogram-simulate/src/utils");

const SOURCE = path.join(__dirname, "../../src");
const TICK_MS = 5;
const PATIENCE_MS = 5000;

// A file is run anew for every page that loads it: the renderer counts on that, and pages share nothing but the phone.
tools.runJs = (file) => jest.isolateModules(() => require(file));

/** A page, as a component: the renderer knows no pages. What is not a method belongs to the instance. */
global.Page = (definition) => {
  const { data, ...rest } = definition;
  const methods = Object.fromEntries(Object.entries(rest).filter(([, part]) => typeof part === "function"));
  const fields = Object.fromEntries(Object.entries(rest).filter(([, part]) => typeof part !== "function"));
  global.Component({
    data,
    methods,
    options: { addGlobalClass: true },
    lifetimes: {
      created() {
        Object.assign(this, fields);
      },
    },
  });
};

class Drawn {
  constructor(folder, properties = {}) {
    const id = simulate.load(path.join(SOURCE, folder, "index"), "main", { rootPath: SOURCE });
    this.folder = folder;
    this.component = simulate.render(id, properties);
    this.parent = document.createElement("div");
    document.body.appendChild(this.parent);
    this.component.attach(this.parent);
    this.instance = this.component.instance;
  }

  /** Opens a page as the client does: load, then show. */
  static open(name, query = {}) {
    const page = new Drawn(`pages/${name}`);
    const { instance } = page;
    instance.onLoad && instance.onLoad(query);
    instance.onShow && instance.onShow();
    return page;
  }

  /** Everything that can be read on the screen. */
  get text() {
    return this.component.dom.textContent.replace(/\s+/g, " ").trim();
  }

  get data() {
    return this.instance.data;
  }

  find(selector) {
    return this.component.querySelector(selector);
  }

  count(selector) {
    return this.component.querySelectorAll(selector).length;
  }

  /** Taps what the selector finds; it must be there and able to be tapped. */
  async tap(selector) {
    const node = this.find(selector);
    if (!node) {
      throw new Error(`nothing to tap at ${selector}; on the screen: ${this.text}`);
    }
    node.dispatchEvent("tap");
    await simulate.sleep(TICK_MS);
  }

  /** A native control tells a new value: a picker or switch by `change`, a text by `input`. */
  async enter(selector, value, event = "change") {
    const node = this.find(selector);
    if (!node) {
      throw new Error(`nothing to fill in at ${selector}; on the screen: ${this.text}`);
    }
    node.dispatchEvent(event, { detail: { value } });
    await simulate.sleep(TICK_MS);
  }

  type(selector, value) {
    return this.enter(selector, value, "input");
  }

  /** Waits until these words can be read. */
  async sees(words) {
    const end = process.uptime() * 1000 + PATIENCE_MS;
    while (!this.text.includes(words)) {
      if (process.uptime() * 1000 > end) {
        throw new Error(`"${words}" did not appear; on the screen: ${this.text}`);
      }
      await simulate.sleep(TICK_MS);
    }
  }

  /** Waits until something holds. */
  async until(holds) {
    const end = process.uptime() * 1000 + PATIENCE_MS;
    while (!holds()) {
      if (process.uptime() * 1000 > end) {
        throw new Error(`waited in vain; on the screen: ${this.text}`);
      }
      await simulate.sleep(TICK_MS);
    }
  }

  /** Writes what is drawn as a page that a browser shows, when DUMP is set: for people's eyes. */
  dump(name) {
    if (!process.env.DUMP) {
      return;
    }
    const folder = path.join(__dirname, "../dump");
    fs.mkdirSync(folder, { recursive: true });
    const body = this.component.dom.outerHTML.replace(/\b[\w-]+--/g, (prefix) => (prefix.startsWith("weui") ? prefix : ""));
    fs.writeFileSync(path.join(folder, `${name}.html`), `<!doctype html><meta charset="utf-8"><style>${styles(this.folder)}</style>${body}`);
  }

  close() {
    this.instance.onUnload && this.instance.onUnload();
    this.component.detach();
    this.parent.remove();
  }
}

/** The style sheets of a page and of all components as one for browsers, where `page` is the body. */
function styles(folder) {
  const pieces = fs.readdirSync(path.join(SOURCE, "components")).map((name) => `components/${name}/index.wxss`);
  const sheets = ["styles/weui.wxss", "app.wxss", ...pieces, `${folder}/index.wxss`].map((name) => path.join(SOURCE, name));
  const css = sheets.filter((file) => fs.existsSync(file)).map((file) => fs.readFileSync(file, "utf8")).join("\n");
  const ground = "wx-view,wx-navigator,wx-picker,wx-textarea,wx-input,wx-label,wx-checkbox-group,main,screen-state,form-field,time-line,pay-bar,request-search{display:block}"
    + "wx-button{display:block;text-align:center;box-sizing:border-box}body{margin:0;width:390px}*{box-sizing:border-box}";
  return ground + css.replace(/@import[^;]+;|\/\*[^]*?\*\//g, "").replace(/(^|[},])\s*page\b/g, "$1body");
}

module.exports = { Drawn, SOURCE };
