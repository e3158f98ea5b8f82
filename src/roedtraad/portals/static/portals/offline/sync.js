// Sends what waits, in order, when there is a net, and reads the shift anew. Two windows never send at once.
import * as store from "./store.js";

const ADDRESS = "/uden-net/";
// Few enough that the answer comes before one gives up waiting, also from a house that is busy.
const MOST = 20;
// A form that is typed may carry a megabyte; a batch stays well below.
const MOST_BYTES = 400_000;
const FRESH = 120_000;
const BREATH = 50;
const WAIT = { shortest: 1_000, longest: 60_000 };

// `net`: whether the server answered the last time; null before we have asked. `out`: it knows nobody here.
export const state = { net: navigator.onLine ? null : false, out: false, waiting: 0, back: 0, others: 0 };
export const news = new EventTarget();

let pause = WAIT.shortest;
let timer = 0;
let unit = "";
let changed = false;

async function say() {
  Object.assign(state, await store.counted());
  news.dispatchEvent(new Event("change"));
}
// Many changes at once are told once.
let telling = 0;
store.changes.addEventListener("change", () => {
  telling ||= setTimeout(() => {
    telling = 0;
    say();
  }, BREATH);
});

function met(net) {
  if (net && !state.net) pause = WAIT.shortest;
  state.net = net;
  return say();
}

// Null when the net is away, false when we are logged out; asking is no sign of anybody sitting there.
async function ask(path, options = {}) {
  let answer;
  try {
    answer = await fetch(ADDRESS + path, {
      ...options,
      headers: { "X-Background": "yes", ...options.headers },
      redirect: "manual",
      cache: "no-store",
      signal: AbortSignal.timeout(45_000),
    });
  } catch {
    await met(false);
    return null;
  }
  if (answer.type === "opaqueredirect" || answer.status === 401) {
    state.out = true;
    await store.wipe();
    await met(true);
    return false;
  }
  // A server that is starting or ill is as good as none.
  await met(answer.status < 500);
  return answer;
}

async function enter() {
  const answer = await ask(`adgang/?enhed=${await store.device()}`);
  // No shift any more: what could be read goes, what was written stays.
  if (answer?.status === 403) await store.wipe();
  if (!answer?.ok) return false;
  await store.unlock(await answer.json());
  state.out = false;
  await say();
  return true;
}

// Each reading is a look-up of everybody in it, so not more often than of use. `unit` is the one the page stands in.
async function read() {
  const known = await store.kept();
  if (known && !changed && Date.now() - known.at < FRESH && (!unit || known.shift.unit === unit)) return;
  const answer = await ask("data/");
  if (!answer?.ok) return;
  await store.keep(await answer.json());
  changed = false;
}

function fitting(entries) {
  let size = 0;
  const most = entries.findIndex((entry) => (size += JSON.stringify(entry).length) > MOST_BYTES);
  return most > 0 ? entries.slice(0, most) : entries.slice(0, most === 0 ? 1 : MOST);
}

// One batch. True when there may be more to send at once.
async function sendSome() {
  const entries = fitting(await store.first(MOST));
  if (!entries.length) return false;
  const body = JSON.stringify({ sent_at: Date.now(), entries });
  const headers = { "Content-Type": "application/json", "X-CSRFToken": store.session()?.csrf ?? "" };
  const answer = await ask("send/", { method: "POST", body, headers });
  if (!answer?.ok) return false;
  const { answers, stopped } = await answer.json();
  await store.settle(answers);
  changed = true;
  return answers.length > 0 && !stopped;
}

// All that waits, until it is sent or the net is away. Only one window at a time.
export async function send() {
  await navigator.locks.request("roedtraad-send", { ifAvailable: true }, async (lock) => {
    if (!lock) return;
    if (!(await enter())) return;
    try {
      while (await sendSome());
    } catch {
      // An answer that broke off: the same entries are sent again, and are not carried out twice.
      await met(false);
    }
    if (state.net) await read().catch(() => met(false));
  });
  again();
}

function again() {
  clearTimeout(timer);
  if (state.out || (state.net && !state.waiting)) return;
  timer = setTimeout(send, pause);
  pause = Math.min(pause * 2, WAIT.longest);
}

// Try now, whatever the wait.
export function soon() {
  pause = WAIT.shortest;
  clearTimeout(timer);
  timer = setTimeout(send, 0);
}

export function start(where = "") {
  unit = where;
  window.addEventListener("online", soon);
  window.addEventListener("offline", () => met(false));
  document.addEventListener("visibilitychange", () => document.hidden || soon());
  say().then(soon);
}
