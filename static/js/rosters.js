// The roster's grid: keys move, a block is pasted, what was changed is saved together a moment later.
const grid = document.querySelector("table[data-save]");
const names = JSON.parse(document.getElementById("shift-colours")?.textContent ?? "[]");
const REST = "休", COLOURS = 8;
const changed = new Map();
let timer = 0;

function at(row, column) { return grid.querySelector(`[data-row="${row}"][data-column="${column}"]`); }

function meant(text) {
  const said = text.trim();
  if (said === "" || said === REST || names.includes(said)) return said;
  const begins = names.filter((name) => name.startsWith(said));
  return begins.length === 1 ? begins[0] : said;
}

function show(input) {
  input.value = meant(input.value);
  const number = names.indexOf(input.value), isKnown = input.value === "" || input.value === REST || number >= 0;
  const colour = input.value === REST ? "rest" : number < 0 ? 0 : (number % COLOURS) + 1;
  input.className = `shift shift_${colour} is-fixed${isKnown ? "" : " is-wrong"}`;
  input.setAttribute("aria-invalid", String(!isKnown));
  return isKnown;
}

function note(input) {
  if (!show(input)) return;
  changed.set(input.dataset.place, input.value);
  clearTimeout(timer);
  timer = setTimeout(save, 400);
}

async function save() {
  const sent = [...changed];
  changed.clear();
  for (let start = 0; start < sent.length; start += 900) {
    const cells = sent.slice(start, start + 900).map(([place, text]) => `${place} ${text}`).join("\n");
    await htmx.ajax("POST", grid.dataset.save, { source: grid, target: "#saved", swap: "innerHTML", values: { cells } });
  }
  if (sent.length) htmx.trigger(document.body, "saved");
  const version = document.querySelector("#saved [data-version]")?.dataset.version;
  if (version) document.querySelectorAll(".act input[name=version]").forEach((input) => { input.value = version; });
}

grid?.addEventListener("change", (event) => { if (event.target.matches("[data-place]")) note(event.target); });

const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], Enter: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
grid?.addEventListener("keydown", (event) => {
  const step = STEPS[event.key], cell = event.target;
  if (!step || !cell.matches("[data-place]")) return;
  const isInside = step[1] && cell.selectionStart === cell.selectionEnd && cell.value !== ""
    && cell.selectionStart !== (step[1] < 0 ? 0 : cell.value.length);
  if (isInside) return;
  const next = at(Number(cell.dataset.row) + step[0], Number(cell.dataset.column) + step[1]);
  if (!next) return;
  event.preventDefault();
  next.focus();
  next.select();
});

grid?.addEventListener("paste", (event) => {
  const text = event.clipboardData.getData("text/plain"), cell = event.target;
  if (!cell.matches("[data-place]") || !/[\t\n]/.test(text.trim())) return;
  event.preventDefault();
  text.replace(/\r?\n$/, "").split(/\r?\n/).forEach((line, down) => line.split("\t").forEach((value, right) => {
    const target = at(Number(cell.dataset.row) + down, Number(cell.dataset.column) + right);
    if (!target) return;
    target.value = value;
    note(target);
  }));
});

window.addEventListener("beforeunload", (event) => { if (changed.size) event.preventDefault(); });
