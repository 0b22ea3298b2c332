// The little that pages need beside htmx: say when the network failed, take the reader to a refusal.
document.addEventListener("htmx:sendError", () => say("网络没有连上，请检查后重试。您填写的内容还在。"));
document.addEventListener("htmx:responseError", (event) => {
  if (event.detail.xhr.status >= 500) say("系统开小差了，请稍后再试。您填写的内容还在。");
});
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id === "problem") event.detail.target.scrollIntoView({ block: "center", behavior: "smooth" });
});
document.addEventListener("htmx:beforeRequest", () => { document.getElementById("problem")?.replaceChildren(); });
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submits]")) event.target.form.requestSubmit();
  if (event.target.matches(".file__input")) named(event.target);
});

// On a phone the menu is one long line; the page that is open should be seen in it.
const shownItem = document.querySelector(".side .is-here");
if (shownItem) shownItem.parentElement.scrollLeft = shownItem.offsetLeft - (shownItem.parentElement.clientWidth - shownItem.offsetWidth) / 2;

// Whoever had to log in or prove themselves first is back on the list; the file they asked for follows, once.
if (location.hash.startsWith("#export-")) {
  const link = document.getElementById(location.hash.slice(1));
  history.replaceState(null, "", location.pathname + location.search);
  link?.click();
}

function named(input) {
  const names = [...input.files].map((file) => file.name).join("、");
  input.parentElement.querySelector(".file__name").textContent = names || "还没有选择";
}

function say(sentence) {
  const box = document.createElement("div");
  box.className = "problem";
  box.textContent = sentence;
  document.getElementById("problem")?.replaceChildren(box);
}
