// Forms: fields that no longer apply go away, a row that is begun is followed by an empty one, a sheet is printed.
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id === "form-preview") showOnly(event.detail.target.querySelector("[data-shown]"));
});
document.addEventListener("input", (event) => {
  const row = event.target.closest("[data-row]");
  if (row && row.matches(":last-child")) row.after(nextTo(row));
});
document.addEventListener("click", (event) => {
  if (event.target.matches("[data-print]")) window.print();
});

function showOnly(told) {
  const names = new Set(told.dataset.shown.split(" "));
  for (const field of document.querySelectorAll("[data-field]")) {
    field.hidden = field.disabled = !names.has(field.dataset.field);
  }
}

function nextTo(row) {
  const at = Number(row.dataset.row), next = row.cloneNode(true);
  next.dataset.row = at + 1;
  next.querySelector("[data-number]").textContent = at + 2;
  for (const part of next.querySelectorAll("[name], [id], [for]")) {
    for (const name of ["name", "id", "for"]) {
      if (part.hasAttribute(name)) part.setAttribute(name, part.getAttribute(name).replace(`.${at}.`, `.${at + 1}.`));
    }
    if (part.matches("input, textarea")) part.value = "";
    if (part.matches("select")) part.selectedIndex = 0;
  }
  return next;
}
