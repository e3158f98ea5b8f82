// On Min vagt: says how it stands with the net and with what is to be sent, keeps the shift on the phone, and takes a tap
// on a task that did not reach the server.
import * as store from "./store.js";
import * as sync from "./sync.js";
import { queueWords } from "./words.js";

const line = document.querySelector("[data-offline]");
const ACTS = { begynd: "start", slut: "end", gjort: "done" };

function register() {
  // The one address from which a worker may come (Trusted Types, where the browser knows them).
  const script = "/sw.js";
  const policy = window.trustedTypes?.createPolicy("worker", { createScriptURL: () => script });
  return navigator.serviceWorker.register(policy ? policy.createScriptURL("") : script);
}

function show() {
  const words = JSON.parse(line.dataset.offline);
  const said = queueWords(words, sync.state);
  line.dataset.state = said.state;
  line.querySelector("[data-offline-shape]").textContent = said.shape;
  const text = line.querySelector("[data-offline-words]");
  if (text.textContent !== said.text) text.textContent = said.text;
  line.querySelector("a").hidden = said.calm;
}

// htmx says that a tap did not reach the server.
async function untold(event) {
  const config = event.detail.requestConfig;
  const [, task, act] = config?.path?.match(/\/opgaver\/([0-9a-f-]{36})\/([a-z-]+)\/$/) ?? [];
  if (!ACTS[act]) return;
  const typed = Object.fromEntries(new FormData(event.detail.elt.form));
  const what = { task };
  if (typed.serie) Object.assign(what, { series: typed.serie, due: Date.parse(typed.tid) });
  const said = event.detail.elt.closest(".task-line").querySelector(".task-title a").textContent.trim();
  if (await store.write({ kind: ACTS[act], what, said })) location.assign("/uden-net/");
}

if (line && navigator.serviceWorker && navigator.locks) {
  register().catch(() => {});
  sync.news.addEventListener("change", show);
  document.body.addEventListener("htmx:sendError", untold);
  sync.start(line.dataset.unit);
}
