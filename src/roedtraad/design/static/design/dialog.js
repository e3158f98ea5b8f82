// Dialogs open in place; without this file their openers are plain links to a page that does the same.
// Popovers (menus, explanations) close on Escape and on a click elsewhere.
function enhance(root) {
  for (const opener of root.querySelectorAll("a[data-dialog], button[data-dialog]")) {
    const dialog = document.getElementById(opener.dataset.dialog);
    if (!dialog || "ready" in opener.dataset) continue;
    opener.dataset.ready = "";
    opener.setAttribute("aria-haspopup", "dialog");
    if (opener.tagName === "A") {
      opener.setAttribute("role", "button");
      opener.addEventListener("keydown", (event) => {
        if (event.key !== " ") return;
        event.preventDefault();
        opener.click();
      });
    }
    opener.addEventListener("click", (event) => {
      event.preventDefault();
      dialog.showModal();
    });
  }
  for (const dialog of root.querySelectorAll("dialog:not([data-ready])")) {
    dialog.dataset.ready = "";
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog || event.target.closest("[data-close]")) dialog.close();
    });
  }
}

enhance(document);
document.addEventListener("htmx:load", (event) => enhance(event.target));

const openPopovers = () => document.querySelectorAll("details[data-popover][open]");

document.addEventListener("click", (event) => {
  for (const popover of openPopovers()) if (!popover.contains(event.target)) popover.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const popover of openPopovers()) {
    const inside = popover.contains(document.activeElement);
    popover.open = false;
    if (inside) popover.querySelector("summary").focus();
  }
});
