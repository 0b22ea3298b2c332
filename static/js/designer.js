// The designer of forms: cards for the fields, kept in step with the JSON beside them. Mouse, touch and keyboard alike.
const source = document.getElementById("f-definition"), canvas = document.querySelector(".designer__canvas");
const types = JSON.parse(document.getElementById("designer").dataset.types);
const everybody = ["applicant", "approver", "hr"];
let form = null, dragged = null;

const AS = {
  flag: { get: (control) => control.checked, set: (control, value) => { control.checked = value === true; } },
  number: { get: (control) => (control.value.trim() === "" ? undefined : Number(control.value)), set: (control, value) => { control.value = value ?? ""; } },
  lines: { get: (control) => control.value.split("\n").map((line) => line.trim()).filter(Boolean), set: (control, value) => { control.value = (value ?? []).join("\n"); } },
  text: { get: (control) => control.value, set: (control, value) => { control.value = value ?? ""; } },
};
const START = { is_active: true, icon: "单", group: "其他", sort: 100, request_title: "{applicant}的{form}", places: 2 };

function read() {
  try { form = JSON.parse(source.value); } catch { return tell("JSON 有误，左边显示的是改动之前的内容"); }
  form.fields = Array.isArray(form.fields) ? form.fields : [];
  draw();
}

function write() {
  const layout = sections();
  if (layout.length) form.layout = layout; else delete form.layout;
  source.value = JSON.stringify(form, null, 2);
}

function sections() {
  const found = new Map();
  for (const card of document.querySelectorAll("#fields > li")) {
    const title = card.querySelector("[data-section]").value.trim();
    if (title) found.set(title, [...(found.get(title) ?? []), form.fields[at(card)].name]);
  }
  return [...found].map(([title, fields]) => ({ title, fields }));
}

function draw(focus = null) {
  const open = new Set([...document.querySelectorAll("#fields > li details[open]")].map((one) => one.closest("li").item));
  bind(canvas.querySelector(".designer__face"), form);
  for (const select of document.querySelectorAll("[data-access]")) {
    const chosen = form.access?.[select.dataset.access] ?? [];
    for (const option of select.options) option.selected = chosen.includes(option.value);
  }
  fill(document.getElementById("fields"), form.fields, "field-card");
  for (const card of document.querySelectorAll("#fields > li")) card.querySelector("details").open = open.has(card.item);
  if (focus) focused(focus);
}

function fill(list, items, template) {
  list.items = items;
  list.replaceChildren(...items.map((item) => carded(item, template)));
}

function carded(item, template) {
  const card = document.getElementById(template).content.firstElementChild.cloneNode(true);
  card.item = item;
  bind(card, item);
  if (template === "field-card") {
    const section = (form.layout ?? []).find((one) => one.fields.includes(item.name));
    card.querySelector("[data-section]").value = section ? section.title : "";
    for (const box of card.querySelectorAll("[data-viewer]")) box.checked = (item.visible_to ?? everybody).includes(box.value);
    fill(card.querySelector("[data-columns]"), item.columns ?? [], "column-card");
  }
  titled(card);
  return card;
}

function own(card, selector) {
  return [...card.querySelectorAll(selector)].filter((part) => part.closest("li, .designer__canvas") === (card.closest("li") ?? canvas));
}

function bind(card, item) {
  for (const control of own(card, "[data-key]")) {
    const key = control.dataset.key;
    AS[control.dataset.as ?? "text"].set(control, item[key] ?? START[key]);
  }
}

function titled(card) {
  own(card, "[data-name]")[0].textContent = card.item.title || "（未命名）";
  own(card, "[data-type]")[0].textContent = types[card.item.type] ?? "";
  for (const part of own(card, "[data-for]")) part.hidden = !part.dataset.for.split(" ").includes(card.item.type);
}

const at = (card) => card.parentElement.items.indexOf(card.item);

function put(control) {
  const card = control.closest("li"), item = card ? card.item : form, key = control.dataset.key;
  const value = AS[control.dataset.as ?? "text"].get(control);
  const isPlain = value === undefined || value === "" || (Array.isArray(value) && !value.length) || value === (START[key] ?? false);
  if (isPlain && !["title", "name", "type"].includes(key)) delete item[key]; else item[key] = value;
  if (key === "type" && value === "table" && !item.columns) item.columns = [fresh("text", [])];
  if (key === "type" && value !== "table") delete item.columns;
  if (key === "type" && card.parentElement.id === "fields") fill(card.querySelector("[data-columns]"), item.columns ?? [], "column-card");
  if (card) titled(card);
}

function fresh(type, siblings) {
  const names = new Set(siblings.map((one) => one.name)), letters = "abcdefghijklmnopqrstuvwxyz";
  const name = ["field", ...[...letters].map((letter) => `field_${letter}`), ...[...letters].map((letter) => `field_z${letter}`)].find((one) => !names.has(one));
  const made = { name, title: types[type], type };
  if (type === "choice" || type === "choices") made.options = ["选项一", "选项二"];
  if (type === "table") made.columns = [{ name: "item", title: "名称", type: "text" }];
  return made;
}

function move(card, step) {
  const items = card.parentElement.items, from = at(card), to = from + step;
  if (to < 0 || to >= items.length) return tell("已经到头了");
  items.splice(to, 0, ...items.splice(from, 1));
  changed(card.item, `${card.item.title}移到第 ${to + 1} 个`);
}

function changed(item, words) {
  write();
  draw(item);
  write();
  tell(words);
}

function focused(item) {
  const card = [...document.querySelectorAll(".designer__card")].find((one) => one.item === item);
  card?.querySelector("[data-act=up]").focus();
}

function tell(words) { document.getElementById("designer-said").textContent = words; }

const ACTS = {
  up: (card) => move(card, -1),
  down: (card) => move(card, 1),
  remove: (card) => {
    card.parentElement.items.splice(at(card), 1);
    changed(null, `已删除${card.item.title}`);
  },
  add: () => {
    const made = fresh(document.getElementById("new-type").value, form.fields);
    form.fields.push(made);
    changed(made, `已添加${made.title}`);
  },
  "add-column": (card) => {
    card.item.columns = [...(card.item.columns ?? []), fresh("text", card.item.columns ?? [])];
    changed(card.item, "已添加一列");
  },
};

canvas.addEventListener("click", (event) => {
  const button = event.target.closest("[data-act]");
  if (button) ACTS[button.dataset.act](button.closest("li"));
});
canvas.addEventListener("input", (event) => {
  const control = event.target, card = control.closest("li");
  if (control.dataset.key) put(control);
  if (control.dataset.viewer !== undefined) {
    const seen = [...card.querySelectorAll("[data-viewer]:checked")].map((box) => box.value);
    if (seen.length === everybody.length) delete card.item.visible_to; else card.item.visible_to = seen;
  }
  if (control.dataset.access) {
    const chosen = [...control.selectedOptions].map((option) => option.value);
    form.access = { ...form.access, [control.dataset.access]: chosen };
    if (!chosen.length) delete form.access[control.dataset.access];
  }
  write();
});
canvas.addEventListener("keydown", (event) => {
  const card = event.target.closest("li"), step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (!card || !event.altKey || !step) return;
  event.preventDefault();
  move(card, step);
});
canvas.addEventListener("dragstart", (event) => { dragged = event.target.closest("li"); });
canvas.addEventListener("dragend", () => { over(null); dragged = null; });
canvas.addEventListener("dragover", (event) => {
  const card = landing(event);
  if (card) event.preventDefault();
  over(card);
});
canvas.addEventListener("drop", (event) => {
  const card = landing(event), moved = dragged;
  dragged = null; // the card it began on is drawn anew, so its own end is never heard
  if (card) move(moved, at(card) - at(moved));
});

function landing(event) {
  const list = dragged?.parentElement, card = list && [...list.children].find((one) => one.contains(event.target));
  return card && card !== dragged ? card : null;
}

function over(card) {
  for (const one of document.querySelectorAll(".is-over")) one.classList.remove("is-over");
  card?.classList.add("is-over");
}

source.addEventListener("change", read);
document.getElementById("trial").addEventListener("submit", (event) => { event.target.elements.definition.value = source.value; });
canvas.hidden = false;
read();
