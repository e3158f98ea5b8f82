// Running tasks count on between page loads. From the seconds the server reckoned, not from the device's clock,
// which may be wrong.
const TICK = 10_000;

function show() {
  for (const timer of document.querySelectorAll("[data-running]")) {
    timer.dataset.seen ??= String(performance.now());
    const minutes = Math.floor((Number(timer.dataset.running) + (performance.now() - timer.dataset.seen) / 1000) / 60);
    const words = timer.textContent.replace(/^[\d.]+/, new Intl.NumberFormat(document.documentElement.lang || "da").format(minutes));
    if (words !== timer.textContent) timer.textContent = words;
  }
}

show();
setInterval(show, TICK);
document.addEventListener("htmx:load", show);
