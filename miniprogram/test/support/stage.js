/** The real product, started for a test: see stage.py. */
const { spawn } = require("node:child_process");
const fs = require("node:fs");
const http = require("node:http");
const os = require("node:os");
const path = require("node:path");
const readline = require("node:readline");

const { Phone } = require("./phone");

const ROOT = path.join(__dirname, "../../..");
const PYTHON = path.join(ROOT, ".venv/bin/python");
const COMPILED = path.join(os.tmpdir(), "wecom-hr-compiled"); // starting is mostly compiling, so it is kept
const ORIGIN = "https://hr.example.com";

/** Is the product's environment there? Its absence is said loudly, and is a failure where everything is required. */
function isThere() {
  if (fs.existsSync(PYTHON)) {
    return true;
  }
  const sentence = `${PYTHON} is not there (make setup makes it): the pages were NOT tried against the product`;
  if (process.env.REQUIRE_ALL === "1") {
    throw new Error(sentence);
  }
  console.warn(`SKIPPED: ${sentence}`);
  return false;
}

class Stage {
  static async open() {
    const stage = new Stage();
    stage.process = spawn(PYTHON, [path.join(__dirname, "stage.py")], {
      cwd: ROOT,
      env: { ...process.env, PYTHONPATH: ROOT, PYTHONPYCACHEPREFIX: COMPILED, PYTHONDONTWRITEBYTECODE: "" },
      stdio: ["pipe", "pipe", "inherit"],
    });
    stage.lines = readline.createInterface({ input: stage.process.stdout })[Symbol.asyncIterator]();
    stage.url = (await stage.hear()).product;
    return stage;
  }

  async hear() {
    const { value, done } = await this.lines.next();
    if (done) {
      throw new Error("the product did not start; its last words are above");
    }
    return JSON.parse(value);
  }

  tell(command) {
    this.process.stdin.write(`${command}\n`);
    return this.hear();
  }

  /** A phone in somebody's hand: what it asks goes to the product, and its login codes are WeCom's. */
  phoneOf(userid) {
    const phone = new Phone();
    global.wx.request = (options) => this.request(options);
    global.wx.uploadFile = (options) => this.upload(options);
    global.wx.downloadFile = (options) => this.download(options);
    global.wx.qy.login = ({ success }) => this.tell(`code ${userid}`).then((code) => success({ code }));
    return phone;
  }

  /** Carries a request of the mini-program to the product. */
  request({ url, method, data, header, success, fail }) {
    const target = new URL(url.replace(ORIGIN, this.url));
    const request = http.request(target, { method, headers: header }, (response) => {
      const parts = [];
      response.on("data", (part) => parts.push(part));
      response.on("end", () => success({ statusCode: response.statusCode, data: read(response, Buffer.concat(parts)) }));
    });
    request.on("error", fail);
    request.end(data);
  }

  /** The same for a file with its fields, as a form. */
  upload({ url, filePath, name, formData, header, success, fail }) {
    const edge = "----wx-form";
    const fields = Object.entries(formData).map(
      ([field, value]) => `--${edge}\r\nContent-Disposition: form-data; name="${field}"\r\n\r\n${value}\r\n`,
    );
    const head = `--${edge}\r\nContent-Disposition: form-data; name="${name}"; filename="${path.basename(filePath)}"\r\n\r\n`;
    const data = Buffer.concat([Buffer.from(fields.join("") + head), fs.readFileSync(filePath), Buffer.from(`\r\n--${edge}--\r\n`)]);
    const type = { "Content-Type": `multipart/form-data; boundary=${edge}` };
    const asText = ({ statusCode, data: body }) => success({ statusCode, data: JSON.stringify(body) });
    this.request({ url, method: "POST", data, header: { ...header, ...type }, success: asText, fail });
  }

  /** A file goes to a place on the phone, whatever it says. */
  download({ url, header, success, fail }) {
    const place = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "download-")), "file");
    const keep = ({ statusCode, data }) => {
      fs.writeFileSync(place, typeof data === "string" ? data : JSON.stringify(data));
      success({ statusCode, tempFilePath: place });
    };
    this.request({ url, method: "GET", header, success: keep, fail });
  }

  close() {
    this.process.stdin.end();
    return new Promise((resolve) => {
      this.process.on("exit", resolve);
    });
  }
}

/** As `wx.request` does: JSON is read, everything else is text. */
function read(response, body) {
  const isJson = /json/.test(response.headers["content-type"] || "");
  return isJson ? JSON.parse(body.toString()) : body.toString();
}

module.exports = { Stage, isThere };
