// The panel: the chosen node as a form. Every control is bound to a path in the node's JSON.
import { become, get, put } from "./model.js";
import { colleague } from "./server.js";

const panel = document.getElementById("chain-node"), settings = document.getElementById("chain-settings");
const copyOf = (id) => document.getElementById(id).content.firstElementChild.cloneNode(true);
const send = (name, detail) => panel.dispatchEvent(new CustomEvent(`chain:${name}`, { detail, bubbles: true }));

export function openPanel(state, touched) {
  const node = state.chosen;
  if (!node) return panel.replaceChildren("还没有环节，请从上面添加。");
  const form = copyOf("t-node");
  // Shown anew after rows came or went; the focus goes on where the work does.
  const again = (focus) => { touched(); openPanel(state, touched); panel.querySelector(focus)?.focus(); };
  form.querySelector("h2").textContent = `环节：${node.name || "（未命名）"}`;
  bind(form, node, (path) => (path === "kind" ? (become(node, form.querySelector("[data-key=kind]").value), again("[data-key=kind]")) : (shape(form, node), touched())));
  approvers(form, node, state, touched, again);
  groups(form, node, touched, again);
  branches(form, node, again);
  shape(form, node);
  panel.replaceChildren(form);
}

export function openSettings(state, touched) {
  bind(settings, state.chain, touched);
}

function bind(part, item, touched) {
  for (const control of part.querySelectorAll("[data-key]")) {
    const path = control.dataset.key;
    control.value = get(item, path);
    control.oninput = () => {
      const isNumber = control.dataset.as === "number" && control.value !== "";
      put(item, path, isNumber ? Number(control.value) : path === "policies.keeps_approvals" ? control.value === "true" || "" : control.value);
      touched(path);
    };
  }
}

// What belongs to the kind of the node is shown; a number is asked for where the way of signing counts.
function shape(form, node) {
  const kind = node.kind ?? "approve";
  for (const part of form.querySelectorAll(":scope > [data-for]")) part.hidden = !part.dataset.for.split(" ").includes(kind);
  const counts = form.querySelector("[data-mode]");
  counts.hidden = !counts.dataset.mode.split(" ").includes(node.mode);
  if (counts.hidden) delete node.needed;
  form.querySelector("[data-always]").hidden = Boolean(node.when?.length || node.condition);
  for (const part of form.querySelectorAll("[data-weighted]")) part.hidden = node.mode !== "weighted";
}

function approvers(form, node, state, touched, again) {
  const list = form.querySelector("[data-list=approvers]");
  list.append(...(node.approvers ?? []).map((one, number) => approver(node, one, number, state, touched, again)));
  form.querySelector("[data-act=add-approver]").onclick = () => {
    node.approvers = [...(node.approvers ?? []), { kind: "superior" }];
    again("[data-list=approvers] > :last-child [data-key=kind]");
  };
}

function approver(node, one, number, state, touched, again) {
  const row = copyOf("t-approver"), here = `[data-list=approvers] > :nth-child(${number + 1})`;
  for (const part of row.querySelectorAll("[data-for]")) part.hidden = !part.dataset.for.split(" ").includes(one.kind);
  bind(row, one, (path) => {
    if (path !== "kind") return touched();
    for (const key of Object.keys(one)) if (key !== "kind" && key !== "weight") delete one[key];
    if (one.kind === "role") one.role = "hr";
    if (one.kind === "field") one.field = row.querySelector("[data-key=field]").value;
    again(`${here} [data-key=kind]`);
  });
  row.querySelector("[data-key=kind]").value = one.kind;
  people(row, one, state, () => again(`${here} [data-act=find]`));
  row.querySelector("[data-act=drop]").onclick = () => { node.approvers.splice(number, 1); again("[data-act=add-approver]"); };
  return row;
}

function people(row, one, state, again) {
  const ids = one.kind === "person" ? [one.person_id].filter(Boolean) : one.people ?? [];
  row.querySelector("[data-people]").append(...ids.map((id) => {
    const name = document.createElement("span"), gone = document.createElement("button");
    name.className = "chain__person";
    gone.type = "button";
    gone.className = "link";
    gone.textContent = "移除";
    gone.setAttribute("aria-label", `移除${state.people[id] ?? ""}`);
    gone.onclick = () => { forget(one, id); again(); };
    name.append(`${state.people[id] ?? "已离职的人员"} `, gone);
    return name;
  }));
  row.querySelector("[data-act=find]").onclick = async () => {
    const who = row.querySelector("[data-who]").value.trim(), found = who && (await colleague(who));
    if (!found) return;
    state.people[found.id] = found.name;
    if (one.kind === "person") one.person_id = found.id; else { one.people = [...new Set([...(one.people ?? []), found.id])]; delete one.role; }
    send("say", `已选${found.name}`);
    again();
  };
}

function forget(one, id) {
  delete one.person_id;
  if (one.people) one.people = one.people.filter((other) => other !== id);
  if (!one.people?.length) delete one.people;
}

function groups(form, node, touched, again) {
  const list = form.querySelector("[data-list=when]");
  list.append(...(node.when ?? []).map((group, number) => grouped(node, group, number, touched, again)));
  form.querySelector("[data-act=add-group]").onclick = () => {
    node.when = [...(node.when ?? []), [comparison()]];
    again("[data-list=when] > :last-child [data-key=field]");
  };
}

const comparison = () => ({ field: document.getElementById("t-condition").content.querySelector("[data-key=field]").value, op: "eq", value: "" });

function grouped(node, group, number, touched, again) {
  const made = copyOf("t-group");
  made.querySelector("[data-list]").append(...group.map((one, at) => condition(one, () => dropFrom(node, group, at, again), touched)));
  made.querySelector("[data-act=add-condition]").onclick = () => { group.push(comparison()); again(`[data-list=when] > :nth-child(${number + 1}) [data-list] > :last-child [data-key=field]`); };
  made.querySelector(":scope > [data-act=drop]").onclick = () => { node.when.splice(number, 1); tidy(node); again("[data-act=add-group]"); };
  return made;
}

function dropFrom(node, group, at, again) {
  group.splice(at, 1);
  tidy(node);
  again("[data-act=add-group]");
}

function tidy(node) {
  node.when = node.when.filter((group) => group.length);
  if (!node.when.length) delete node.when;
}

function condition(one, gone, touched) {
  const row = copyOf("t-condition"), value = row.querySelector("[data-value]");
  const keep = () => {
    const parts = value.value.split(/[,，]/).map((part) => part.trim()).filter(Boolean);
    one.value = one.op === "in" ? parts : value.value.trim();
    touched();
  };
  bind(row, one, keep);
  value.value = Array.isArray(one.value) ? one.value.join(",") : one.value ?? "";
  value.oninput = keep;
  row.querySelector("[data-act=drop]").onclick = gone;
  return row;
}

function branches(form, node, again) {
  const list = form.querySelector("[data-branches]");
  list.append(...(node.branches ?? []).map((branch, number) => {
    const row = document.createElement("p"), button = document.createElement("button");
    button.type = "button";
    button.className = "button button_small";
    button.textContent = `删除分支 ${number + 1}`;
    button.disabled = node.branches.length <= 2;
    button.onclick = () => send("branches", { words: `已删除分支 ${number + 1}`, work: () => node.branches.splice(number, 1) });
    row.append(`分支 ${number + 1}：${branch.map((one) => one.name).join(" → ")} `, button);
    return row;
  }));
  const add = form.querySelector("[data-act=add-branch]");
  add.disabled = (node.branches?.length ?? 0) >= 5;
  add.onclick = () => send("branches", {
    words: "已添加分支",
    work: () => node.branches.push([{ name: `审批${node.branches.length + 1}`, approvers: [{ kind: "superior" }] }]),
  });
}
