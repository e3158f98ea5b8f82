// A toast stays while it can be undone, is read (hover, focus) or warns; a plain one leaves after ten seconds.
const STAY = 10_000;

function enhance(root) {
  for (const toast of root.querySelectorAll("[data-toast]:not([data-ready])")) {
    toast.dataset.ready = "";
    const close = toast.querySelector("[data-toast-close]");
    close.addEventListener("click", () => toast.remove());
    const stays = toast.querySelector("form") || toast.matches(".flash-error, .flash-warning, [data-toast-stay] *");
    if (stays) continue;
    let timer = 0;
    const start = () => {
      timer = setTimeout(() => toast.remove(), STAY);
    };
    const hold = () => clearTimeout(timer);
    for (const name of ["pointerenter", "focusin"]) toast.addEventListener(name, hold);
    for (const name of ["pointerleave", "focusout"]) toast.addEventListener(name, start);
    start();
  }
}

enhance(document);
document.addEventListener("htmx:load", (event) => enhance(event.target));
