// Counts down to the next check-in, and calls in good time. The house raises the alarm, not this page.
const left = document.querySelector("[data-left]");
const SOON = 120;
const EVERY = 20;

if (left) {
  const said = document.querySelector("[data-left-said]");
  const ends = Date.now() + Number(left.dataset.left) * 1000;
  let called = Infinity;
  const tick = () => {
    const seconds = Math.max(0, Math.round((ends - Date.now()) / 1000));
    const soon = seconds <= SOON;
    left.toggleAttribute("data-late", seconds === 0);
    left.textContent = seconds
      ? `${Math.floor(seconds / 60)}.${String(seconds % 60).padStart(2, "0")}`
      : left.dataset.over;
    if (soon && called - seconds >= EVERY) {
      called = seconds;
      said.textContent = seconds ? left.dataset.soon : left.dataset.over;
      document.body.dispatchEvent(new CustomEvent("alarm-tone"));
    }
    if (seconds) setTimeout(tick, 1000 - (Date.now() % 1000));
  };
  tick();
}
