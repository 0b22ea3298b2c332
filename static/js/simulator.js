"use strict";

// The twin's page. Everything is plain HTML and htmx; this only moves between panes, follows new messages, says when a
// link stands for a mini-program page, and notices when another tab has changed who is logged in.

const person = document.body.dataset.person;
const scroll = document.getElementById("scroll");
const phone = document.getElementById("phone");
let lastOpened = phone.getAttribute("src");

// Panes of the right side, and the views of a narrow screen.

const tabs = [...document.querySelectorAll("[role=tab]")];

function select(tab) {
  for (const other of tabs) {
    const chosen = other === tab;
    other.setAttribute("aria-selected", String(chosen));
    other.tabIndex = chosen ? 0 : -1;
    document.getElementById(other.getAttribute("aria-controls")).hidden = !chosen;
  }
}

function show(view) {
  document.body.dataset.view = view;
  for (const button of document.querySelectorAll("[data-show]")) {
    button.setAttribute("aria-pressed", String(button.dataset.show === view));
  }
}

for (const tab of tabs) {
  tab.addEventListener("click", () => select(tab));
  tab.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = tabs[(tabs.indexOf(tab) + step + tabs.length) % tabs.length];
    select(next);
    next.focus();
  });
}

for (const button of document.querySelectorAll("[data-show]")) {
  button.addEventListener("click", () => show(button.dataset.show));
}

// The phone frame. Every opening logs in anew, because people share one browser's cookies.

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[target=phone]");
  if (!link) return;
  lastOpened = link.href;
  document.getElementById("mini").hidden = !link.hasAttribute("data-mini");
  document.getElementById("stale").hidden = true;
  select(document.getElementById("tab-phone"));
  show("side");
});

function reopen() {
  document.getElementById("stale").hidden = true;
  phone.src = lastOpened;
}

document.getElementById("reload").addEventListener("click", reopen);
document.getElementById("again").addEventListener("click", reopen);

window.addEventListener("focus", () => {
  const now = document.cookie.split("; ").find((pair) => pair.startsWith("twin_person="));
  if (now) document.getElementById("stale").hidden = decodeURIComponent(now.slice(12)) === person;
});

// Open menus close when something else is pressed.

document.addEventListener("click", (event) => {
  for (const open of document.querySelectorAll("details.more[open], .menu details[open]")) {
    if (!open.contains(event.target)) open.open = false;
  }
});

// Following the conversation.

let atEnd = true;

function toEnd() {
  scroll.scrollTop = scroll.scrollHeight;
}

document.addEventListener("htmx:beforeSwap", () => {
  atEnd = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 80;
});

document.addEventListener("htmx:afterSettle", () => {
  if (atEnd) toEnd();
});

document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.successful && event.target.matches(".composer")) event.target.reset();
  if (event.detail.successful) for (const open of document.querySelectorAll(".menu details[open]")) open.open = false;
});

toEnd();
document.querySelector(".people [aria-current]")?.scrollIntoView({ block: "center" });
