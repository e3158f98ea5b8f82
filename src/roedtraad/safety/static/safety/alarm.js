// Hears of alarms on every page of somebody on shift: shows them, makes a sound, and answers. The stream only says that
// something happened; who and where are asked of the house itself, so nothing rests on the stream being whole.
const bar = document.querySelector("[data-alarm-bar]");

if (bar) {
  const POLL = 10_000;
  const PATIENCE = 4_000;
  const LONGEST = 15_000;
  const list = bar.querySelector("[data-alarm-list]");
  const note = bar.querySelector("[data-alarm-note]");
  const item = bar.querySelector("[data-alarm-item]");
  const words = bar.dataset;
  let { ticket } = words;
  let source = null;
  let last = "";
  let wait = 500;
  let poller = 0;
  let worry = 0;
  let again = 0;
  let asking = null;
  let shown = "[]";
  // The page of an alarm shows it itself.
  const here = document.querySelector("[data-alarm-key]")?.dataset.alarmKey;
  let isAway = false;
  let isOut = false;

  // --- the sound: a browser makes none before somebody has touched the page
  let audio = null;
  let ringing = 0;
  const wake = () => {
    audio ??= new AudioContext();
    audio.resume().then(silence, () => {});
  };
  for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, wake, { capture: true, passive: true });

  function tone() {
    if (audio?.state === "running") {
      for (const [at, pitch] of [[0, 880], [0.25, 660], [0.5, 880]]) {
        const voice = audio.createOscillator();
        const volume = audio.createGain();
        voice.type = "square";
        voice.frequency.value = pitch;
        volume.gain.value = 0.4;
        voice.connect(volume).connect(audio.destination);
        voice.start(audio.currentTime + at);
        voice.stop(audio.currentTime + at + 0.22);
      }
    }
    navigator.vibrate?.([300, 100, 300]);
  }
  function ring(on) {
    if (on && !ringing) {
      ringing = setInterval(tone, 1500);
      tone();
    } else if (!on) {
      clearInterval(ringing);
      ringing = 0;
    }
    if (on) bar.dataset.sounding = "yes";
    else delete bar.dataset.sounding;
    silence();
  }
  document.body.addEventListener("alarm-tone", () => {
    wake();
    tone();
  });
  document.querySelector("[data-alarm-try]")?.addEventListener("click", () => audio?.resume().then(tone));

  // The bar lies over the page, so the page makes room for it.
  new ResizeObserver(() => {
    document.documentElement.style.setProperty("--alarm", `${bar.offsetHeight}px`);
  }).observe(bar);

  // --- what is said about the connection
  function silence() {
    const mute = ringing && audio?.state !== "running";
    const live = source?.readyState === EventSource.OPEN;
    const text = isOut ? words.out : isAway ? words.away : mute ? words.silent : live || worry ? "" : words.slow;
    if (note.textContent !== text) note.textContent = text;
    note.hidden = !text;
  }

  // --- how things stand
  function show(alarms) {
    const now = JSON.stringify(alarms);
    if (now === shown) return;
    shown = now;
    list.replaceChildren(...alarms.filter((alarm) => alarm.key !== here).map(drawn));
    ring(alarms.some((alarm) => alarm.sounding));
    document.body.dispatchEvent(new CustomEvent("alarm-changed"));
  }
  function drawn(alarm) {
    const node = item.content.cloneNode(true);
    const form = node.querySelector("form");
    node.querySelector("article").classList.add(alarm.sounding ? "sounding" : "calm");
    node.querySelector("[data-title]").textContent = alarm.title;
    const lines = alarm.words.filter(Boolean).map((text) => {
      const line = document.createElement("p");
      line.textContent = text;
      return line;
    });
    node.querySelector("[data-words]").append(...lines);
    node.querySelector("[data-open]").href = alarm.url;
    if (!alarm.answer_url) form.remove();
    else {
      form.action = alarm.answer_url;
      form.addEventListener("submit", (event) => answer(event, form));
    }
    return node;
  }
  async function answer(event, form) {
    event.preventDefault();
    const button = form.querySelector("button");
    button.disabled = true;
    try {
      await fetch(form.action, { method: "POST", body: new FormData(form), redirect: "manual" });
    } catch {
      isAway = true;
    }
    button.disabled = false;
    refresh();
  }
  async function get(url) {
    const answer = await fetch(url, {
      headers: { Accept: "application/json", "X-Background": "yes" },
      cache: "no-store",
      redirect: "manual",
    });
    isAway = answer.status >= 500;
    isOut = answer.type === "opaqueredirect" || answer.status === 403;
    return answer.ok ? answer.json() : null;
  }
  async function refresh() {
    if (asking) {
      asking = "again";
      return;
    }
    asking = "once";
    try {
      const found = await get(words.nowUrl);
      if (found) show(found.alarms);
    } catch {
      isAway = true;
    }
    const more = asking === "again";
    asking = null;
    if (isOut) ring(false);
    silence();
    if (more) refresh();
  }

  // --- the stream, and asking where there is none
  function connect() {
    const url = new URL(words.stream, location.href);
    url.searchParams.set("billet", ticket);
    if (last) url.searchParams.set("efter", last);
    source = new EventSource(url);
    source.addEventListener("open", () => {
      wait = 500;
      clearInterval(poller);
      clearTimeout(worry);
      poller = worry = 0;
      bar.dataset.live = "yes";
      refresh();
    });
    source.addEventListener("alarm", (event) => {
      last = event.lastEventId;
      refresh();
    });
    source.addEventListener("look", refresh);
    source.addEventListener("error", down);
  }
  function down() {
    source?.close();
    delete bar.dataset.live;
    // A stream ends by itself every few minutes, and is there again at once: no reason to worry anybody.
    poller ||= setInterval(refresh, POLL);
    worry ||= setTimeout(worried, PATIENCE);
    if (!words.stream || isOut) return;
    clearTimeout(again);
    again = setTimeout(anew, wait * (0.7 + Math.random() * 0.6));
    wait = Math.min(wait * 2, LONGEST);
  }
  function worried() {
    worry = 0;
    silence();
    refresh();
  }
  async function anew() {
    try {
      ({ ticket } = (await get(words.ticketUrl)) ?? { ticket: "" });
    } catch {
      ticket = "";
      isAway = true;
    }
    if (ticket) connect();
    else down();
  }

  // A page that slept has missed its timers, and one that is shown again from memory has lost its stream.
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    refresh();
    if (source?.readyState !== EventSource.OPEN) {
      wait = 500;
      down();
    }
  });
  addEventListener("pagehide", () => source?.close());
  addEventListener("pageshow", (event) => event.persisted && down());

  refresh();
  if (ticket) {
    worry = setTimeout(worried, PATIENCE);
    connect();
  } else down();
}
