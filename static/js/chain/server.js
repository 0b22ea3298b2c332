// Asking the server: drafts are checked, exported and imported there, with the rules that also save them.
const headers = () => ({ "HX-Request": "true", "X-CSRF-Token": JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRF-Token"] });

async function send(path, body) {
  let answer;
  try { answer = await fetch(path, { method: "POST", headers: headers(), body }); } catch { return refuse("网络没有连上，请检查后重试。您填写的内容还在。"); }
  return answer;
}

// A refusal is shown where every page shows it; the answer is then nothing.
function refuse(words) {
  const box = Object.assign(document.createElement("div"), { className: "problem", textContent: words });
  document.getElementById("problem").replaceChildren(box);
  return null;
}

async function read(answer, how) {
  if (!answer) return null;
  if (answer.ok) {
    document.getElementById("problem").replaceChildren();
    return answer[how]();
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return refuse(page.body.textContent.trim());
}

const draft = (definition) => new URLSearchParams({ definition });

export const check = async (place, definition) => read(await send(`${place}/check`, draft(definition)), "json");
export const bpmnOf = async (place, definition) => read(await send(`${place}/bpmn`, draft(definition)), "text");
export const bring = async (place, form) => read(await send(`${place}/import`, new FormData(form)), "json");

export async function colleague(who) {
  const answer = await fetch(`/console/approvals/flows/colleague?${new URLSearchParams({ who })}`, { headers: headers() });
  return read(answer, "json");
}
