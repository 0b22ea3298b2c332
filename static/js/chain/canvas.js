// The canvas: the chain from top to bottom, branches beside each other; one node at a time is in the order of Tab.
import { seats } from "./model.js";

const canvas = document.getElementById("chain-canvas");
let dragged = null;

export const nodeButton = (node) => [...canvas.querySelectorAll(".chain__node")].find((one) => node && one.node === node);

export function drawCanvas(state, acts) {
  const places = new Map(seats(state.chain).map((one) => [one.node, one.place]));
  const focused = document.activeElement?.node;
  canvas.replaceChildren(end("提交"), list(state.chain.nodes, "流程", state, places, acts), tail(), end("结束"));
  if (focused) nodeButton(focused)?.focus();
}

const make = (tag, className, text = "") => Object.assign(document.createElement(tag), { className, textContent: text });
const end = (text) => make("div", "chain__end", text);
const tail = () => make("div", "chain__tail");

function list(nodes, label, state, places, acts) {
  const made = make("ol", "chain__list");
  made.setAttribute("aria-label", label);
  made.append(...nodes.map((node) => item(node, state, places, acts)));
  return made;
}

function item(node, state, places, acts) {
  const made = make("li", "chain__item"), button = face(node, state, places.get(node));
  button.addEventListener("focus", () => acts.choose(node));
  button.addEventListener("click", () => button.focus());
  made.append(button);
  if (node.branches) made.append(branches(node, state, places, acts));
  drags(made, node, acts);
  return made;
}

function branches(node, state, places, acts) {
  const made = make("div", "chain__branches");
  node.branches.forEach((nodes, number) => {
    const branch = make("div", "chain__branch"), label = `分支 ${number + 1}`;
    branch.append(make("p", "", label), list(nodes, `${node.name}，${label}`, state, places, acts));
    made.append(branch);
  });
  return made;
}

function face(node, state, place) {
  const kind = node.kind ?? "approve", made = make("button", `chain__node chain__node_${kind}`);
  const wrong = state.findings.filter((one) => one.place === place);
  made.type = "button";
  made.node = node;
  made.tabIndex = node === state.chosen ? 0 : -1;
  made.setAttribute("aria-pressed", node === state.chosen);
  made.append(make("span", "", state.words.nodes[kind] ?? kind), make("strong", "", node.name || "（未命名）"));
  for (const words of [asks(node, state), when(node, state)].filter(Boolean)) made.append(make("span", "", words));
  for (const one of wrong) made.append(make("span", "chain__bad", one.message));
  made.classList.toggle("is-wrong", wrong.length > 0);
  return made;
}

function asks(node, state) {
  if (node.kind === "auto") return node.test ? `通过：${node.test}` : "还没有写判断";
  if (node.kind === "parallel") return `${node.branches.length} 个分支都要完成`;
  const whom = (node.approvers ?? []).map((one) => approver(one, state)).join("、") || "还没有写由谁";
  return node.approvers?.length > 1 && node.kind !== "copy" ? `${whom} · ${state.words.modes[node.mode ?? "or_sign"]}` : whom;
}

function approver(one, state) {
  const title = state.words.approvers[one.kind] ?? one.kind, role = state.words.roles[one.role];
  if (one.kind === "role") return `角色“${role ?? ""}”`;
  if (one.kind === "person") return state.people[one.person_id] ?? "还没有选人";
  if (one.kind === "field") return `${state.fields[one.field]?.title ?? one.field ?? ""}里的人`;
  if (one.kind === "choice") return role ? `${title}（${role}）` : title;
  return one.level > 1 ? `第 ${one.level} 级${title}` : one.kind === "superior" ? "直接上级" : title;
}

function when(node, state) {
  const told = (one) => `${state.fields[one.field]?.title ?? one.field ?? ""}${state.words.comparisons[one.op] ?? ""}${one.value ?? ""}`;
  const groups = (node.when ?? []).map((group) => group.map(told).join("且")).join("；或");
  const all = [groups, node.condition].filter(Boolean).join("；并且 ");
  return all && `当 ${all}`;
}

function drags(made, node, acts) {
  made.draggable = true;
  made.addEventListener("dragstart", (event) => { event.stopPropagation(); dragged = node; event.dataTransfer.effectAllowed = "move"; event.dataTransfer.setData("text/plain", node.name); });
  made.addEventListener("dragover", (event) => { event.preventDefault(); event.stopPropagation(); made.classList.add("is-over"); });
  made.addEventListener("dragleave", () => made.classList.remove("is-over"));
  made.addEventListener("drop", (event) => {
    event.preventDefault();
    event.stopPropagation();
    made.classList.remove("is-over");
    if (dragged && dragged !== node && !dragged.branches?.some((one) => one.includes(node))) acts.drop(dragged, node);
    dragged = null;
  });
}
