// The designer of approval chains: a canvas of nodes kept in step with the JSON that is saved. Mouse and keyboard alike.
import { readTabs } from "./chain/tabs.js";
import { openPanel, openSettings } from "./chain/panel.js";
import { drawCanvas, nodeButton } from "./chain/canvas.js";
import { seats, seatOf, fresh, isSound } from "./chain/model.js";
import { watchBpmn } from "./chain/bpmn.js";
import { check } from "./chain/server.js";

const root = document.getElementById("pane-canvas"), source = document.getElementById("f-definition");
const state = {
  place: root.dataset.place, words: JSON.parse(root.dataset.words), fields: JSON.parse(root.dataset.fields),
  people: JSON.parse(root.dataset.people), chain: { nodes: [] }, chosen: null, findings: [], past: [],
};
const said = document.getElementById("chain-said"), wrong = document.getElementById("chain-wrong");
let timer = null, turn = 0;

function read(text) {
  let chain;
  try { chain = JSON.parse(text); } catch { return say("JSON 有误，画布显示的是改动之前的流程"); }
  if (!isSound(chain)) { say("JSON 的结构不对，画布显示的是改动之前的流程"); return ask(); }
  state.chain = chain;
  state.chosen = state.chain.nodes[0] ?? null;
  redraw();
  ask();
}

function redraw(focus = false) {
  drawCanvas(state, { choose, drop });
  openPanel(state, touched);
  openSettings(state, touched);
  if (focus) nodeButton(state.chosen)?.focus();
}

// The panel changed something: the canvas and the JSON follow; the panel keeps its focus.
function touched() {
  write();
  drawCanvas(state, { choose, drop });
}

function write() {
  source.value = JSON.stringify(state.chain, null, 2);
  document.querySelector("#bpmn-export [name=definition]").value = source.value;
  ask();
}

// Remembers how it was, changes it, shows it, says it.
function change(words, work) {
  state.past.push(source.value);
  work();
  write();
  redraw(true);
  say(words);
}

function choose(node) {
  if (node === state.chosen) return;
  state.chosen = node;
  for (const button of document.querySelectorAll(".chain__node")) {
    button.setAttribute("aria-pressed", button.node === node);
    button.tabIndex = button.node === node ? 0 : -1;
  }
  openPanel(state, touched);
  tellFindings();
}

function drop(node, target) {
  const from = seatOf(state.chain, node), to = seatOf(state.chain, target);
  if (node === target || (node.branches && to.parent)) return say("并行分支里不能再分并行");
  if (from.parent && from.list !== to.list && from.list.length === 1) return say("分支至少要有一个环节");
  change(`已移动“${node.name}”`, () => {
    from.list.splice(from.index, 1);
    to.list.splice(to.list.indexOf(target), 0, node);
  });
}

function ask() {
  clearTimeout(timer);
  const number = ++turn;
  timer = setTimeout(async () => {
    const found = await check(state.place, source.value);
    if (number !== turn || !found) return;
    state.findings = found;
    drawCanvas(state, { choose, drop });
    tellFindings();
  }, 300);
}

function tellFindings() {
  const rest = state.findings.filter((one) => !one.place);
  wrong.replaceChildren(...rest.map((one) => Object.assign(document.createElement("li"), { textContent: one.message })));
  document.getElementById("chain-state").textContent = state.findings.length ? `有 ${state.findings.length} 处要改，改好才能保存` : "检查通过，可以保存";
  const seat = seatOf(state.chain, state.chosen), list = document.querySelector("#chain-node [data-wrong]");
  const mine = state.findings.filter((one) => seat && one.place === seat.place);
  list?.replaceChildren(...mine.map((one) => Object.assign(document.createElement("li"), { textContent: one.message })));
}

const say = (words) => { said.textContent = words; };

const ACTS = {
  add(kind) {
    const seat = seatOf(state.chain, state.chosen), node = fresh(kind, state);
    if (seat?.parent && kind === "parallel") return say("并行分支里不能再分并行");
    change(`已添加“${node.name}”`, () => {
      if (seat) seat.list.splice(seat.index + 1, 0, node); else state.chain.nodes.push(node);
      state.chosen = node;
    });
  },
  up: () => shift(-1),
  down: () => shift(1),
  remove() {
    const seat = seatOf(state.chain, state.chosen);
    if (!seat) return;
    if (seat.parent && seat.list.length === 1) return say("分支至少要有一个环节；要删除整个分支，请选中并行环节");
    change(`已删除“${state.chosen.name}”`, () => {
      seat.list.splice(seat.index, 1);
      state.chosen = seat.list[Math.min(seat.index, seat.list.length - 1)] ?? seat.parent ?? null;
    });
  },
  undo() {
    const before = state.past.pop();
    if (before === undefined) return say("没有可以撤销的改动");
    source.value = before;
    read(before);
    write();
    nodeButton(state.chosen)?.focus();
    say("已撤销");
  },
};

function shift(step) {
  const seat = seatOf(state.chain, state.chosen);
  if (!seat || !seat.list[seat.index + step]) return say("已经到头了");
  change(`“${state.chosen.name}”移到第 ${seat.index + step + 1} 个`, () => {
    seat.list.splice(seat.index + step, 0, ...seat.list.splice(seat.index, 1));
  });
}

function across(step) {
  const seat = seatOf(state.chain, state.chosen), next = seat?.parent?.branches[seat.branch + step];
  if (!next) return say("没有相邻的分支");
  if (seat.list.length === 1) return say("分支至少要有一个环节");
  change(`“${state.chosen.name}”移到分支 ${seat.branch + step + 1}`, () => {
    seat.list.splice(seat.index, 1);
    next.push(state.chosen);
  });
}

function walk(step) {
  const all = seats(state.chain), at = all.findIndex((one) => one.node === state.chosen);
  nodeButton(all[at + step]?.node)?.focus();
}

function beside(step) {
  const seat = seatOf(state.chain, state.chosen), inside = state.chosen.branches;
  const next = seat?.parent ? seat.parent.branches[seat.branch + step]?.[0] : step > 0 && inside?.[0]?.[0];
  if (next) nodeButton(next).focus();
}

const KEYS = {
  ArrowUp: () => walk(-1), ArrowDown: () => walk(1), ArrowLeft: () => beside(-1), ArrowRight: () => beside(1),
  Home: () => nodeButton(seats(state.chain)[0]?.node)?.focus(), End: () => nodeButton(seats(state.chain).at(-1)?.node)?.focus(),
  Delete: () => ACTS.remove(), Enter: () => document.querySelector("#chain-node [data-key=name]").focus(),
};
const WITH_ALT = { ArrowUp: () => shift(-1), ArrowDown: () => shift(1), ArrowLeft: () => across(-1), ArrowRight: () => across(1) };

document.getElementById("chain-canvas").addEventListener("keydown", (event) => {
  const does = (event.altKey ? WITH_ALT : KEYS)[event.key];
  if (!does || !event.target.node) return;
  event.preventDefault();
  does();
});
root.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && event.target.closest("#chain-node")) nodeButton(state.chosen)?.focus();
  const isTyping = event.target.matches("input, textarea, select");
  if (event.key === "z" && (event.ctrlKey || event.metaKey) && !isTyping) { event.preventDefault(); ACTS.undo(); }
});
root.querySelector(".chain__tools").addEventListener("click", (event) => {
  const { act, kind } = event.target.dataset;
  if (act) ACTS[act](kind);
});
root.addEventListener("chain:branches", (event) => change(event.detail.words, event.detail.work));
root.addEventListener("chain:say", (event) => say(event.detail));
source.addEventListener("change", () => { state.past.push(JSON.stringify(state.chain, null, 2)); read(source.value); });
document.querySelector(".chain__save [data-confirm]").addEventListener("click", (event) => {
  if (!confirm(event.target.dataset.confirm)) event.preventDefault();
});

readTabs();
watchBpmn(state, source, (definition) => {
  state.past.push(source.value);
  source.value = definition;
  read(definition);
  write();
  say("已导入到画布");
});
read(source.value);
