// Warns before the session ends and lets one stay. The server decides; this only counts down and asks it.
const watch = document.querySelector("[data-session]");

if (watch) {
  const WARN = 120;
  const GRACE = 2;
  const form = watch.querySelector("form");
  const words = watch.querySelector("[data-session-words]");
  let ends = 0;
  let timer = 0;
  let dirty = false;

  const secondsLeft = () => Math.round((ends - Date.now()) / 1000);
  const sleep = (seconds, then) => {
    clearTimeout(timer);
    timer = setTimeout(then, Math.max(0, seconds) * 1000);
  };

  async function ask(method) {
    try {
      const background = method === "GET" ? { "X-Background": "yes" } : {};
      const body = method === "POST" ? new FormData(form) : undefined;
      const answer = await fetch(form.action, { method, body, headers: background, cache: "no-store" });
      return (await answer.json()).seconds;
    } catch {
      return null; // the net is away: go on by what was known
    }
  }

  function startFrom(seconds) {
    ends = Date.now() + seconds * 1000;
    watch.hidden = true;
    sleep(seconds - WARN, look);
  }

  // Another window may have kept the session going, so ask before worrying anybody.
  async function look() {
    const left = (await ask("GET")) ?? secondsLeft();
    if (left > WARN + GRACE) return startFrom(left);
    if (left <= 0) return over();
    ends = Date.now() + left * 1000;
    words.textContent = watch.dataset.soon;
    watch.hidden = false;
    sleep(left + GRACE, look);
  }

  // What is on the screen is private: leave it – but never throw away what somebody has written.
  function over() {
    clearTimeout(timer);
    if (!dirty) {
      location.assign(`${watch.dataset.login}?next=${encodeURIComponent(location.pathname + location.search)}`);
      return;
    }
    words.textContent = watch.dataset.over;
    form.hidden = true;
    watch.hidden = false;
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const left = await ask("POST");
    if (left === null) words.textContent = watch.dataset.failed;
    else if (left > WARN + GRACE) startFrom(left);
    else if (left <= 0) over();
    else words.textContent = watch.dataset.latest; // the longest time is up soon, whatever one does
  });
  document.addEventListener("input", (event) => {
    if (event.target.form?.method === "post") dirty = true;
  });
  // A computer that slept has missed its timers.
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && secondsLeft() < WARN) look();
  });
  startFrom(Number(watch.dataset.session));
}
