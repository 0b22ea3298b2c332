/** Compiles every WXML and WXSS with Tencent's own compilers; what is wrong is printed with its file, and counts. */
const { spawnSync } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");

const SOURCE = path.join(__dirname, "../src");
const TOOLS = path.join(path.dirname(require.resolve("miniprogram-compiler/package.json")), "bin");
const PLATFORM = { darwin: "mac", win32: "windows" }[process.platform] || "linux";
const LARGEST = 64 * 1024 * 1024;

function filesOf(ending) {
  return fs.readdirSync(SOURCE, { recursive: true }).filter((name) => name.endsWith(ending)).sort();
}

function run(tool, args) {
  const program = path.join(TOOLS, PLATFORM, PLATFORM === "windows" ? `${tool}.exe` : tool);
  fs.chmodSync(program, 0o755); // the package has lost the bit
  return spawnSync(program, args, { cwd: SOURCE, maxBuffer: LARGEST, encoding: "utf8" });
}

/** The style sheet with those it imports: the compiler wants to see them all. */
function withImports(name) {
  const text = fs.readFileSync(path.join(SOURCE, name), "utf8");
  return [name, ...[...text.matchAll(/@import "([^"]+)"/g)].map(([, other]) => path.join(path.dirname(name), other))];
}

/** One file at a time, so that the one that fails is named whatever the compiler says about it. */
function problemOf(tool, args, name) {
  const files = tool === "wcsc" ? withImports(name) : [name];
  const { status, error, stderr, stdout } = run(tool, [...args, ...files]);
  return status === 0 && stdout ? "" : `${name}: ${(error ? error.message : stderr).trim() || "was not accepted"}`;
}

function main() {
  const templates = filesOf(".wxml");
  const sheets = filesOf(".wxss");
  const problems = [
    ...templates.map((name) => problemOf("wcc", ["-d", "-cc", "0"], name)),
    ...sheets.map((name) => problemOf("wcsc", ["-db", "-pc", "0"], name)),
  ].filter(Boolean);
  problems.forEach((problem) => console.error(problem));
  console.log(`compiled ${templates.length} templates and ${sheets.length} style sheets, ${problems.length} refused`);
  return problems.length || !templates.length || !sheets.length ? 1 : 0;
}

process.exit(main());
