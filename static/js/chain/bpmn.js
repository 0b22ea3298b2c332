// The chain as others see it: drawn by bpmn-js from the file that is exported, its watermark included.
import { bpmnOf, bring } from "./server.js";

const MARGIN = 20, WATERMARK = 60;
let viewer = null, drawn = null;

export function watchBpmn(state, source, imported) {
  document.addEventListener("chain:tab", (event) => { if (event.detail === "tab-bpmn") draw(state, source); });
  const form = document.getElementById("bpmn-import");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const found = await bring(state.place, form);
    if (!found) return;
    imported(found.definition);
    note(found.notes);
    draw(state, source);
  });
}

function note(notes) {
  const items = notes.map((words) => Object.assign(document.createElement("li"), { textContent: words }));
  document.getElementById("bpmn-notes").replaceChildren(...items);
}

async function draw(state, source) {
  if (drawn === source.value) return;
  const file = await bpmnOf(state.place, source.value);
  if (!file) return;
  viewer ??= new window.BpmnJS({ container: "#bpmn-canvas" });
  await viewer.importXML(file);
  fit(viewer.get("canvas"));
  drawn = source.value;
}

// As wide as there is room and as high as it takes: the page scrolls, not the drawing. The watermark has a line of its own.
function fit(canvas) {
  const box = canvas.getContainer().parentElement, { width, height } = canvas.viewbox().inner;
  const scale = Math.min(1, box.clientWidth / (width + 2 * MARGIN));
  box.style.height = `${(height + 2 * MARGIN) * scale + WATERMARK}px`;
  canvas.resized();
  canvas.zoom("fit-viewport", "auto");
}
