// The worker that stands between the pages and the net. It keeps the empty page and its files, nothing else: no answer
// of the house with a person in it is ever put in a cache. What the page shows it decrypts itself.
const SHELL = {{ shell|safe }};
const PREFIX = "roedtraad-skal-";
const NAME = `${PREFIX}{{ version }}`;
const PATIENCE = 15_000;
const NOTE = /^\/borgere\/(?:notat\/([0-9a-f-]{36})\/|([0-9a-f-]{36})\/notater\/nyt\/)$/;
// Notes whose sending did not get through, by the window that is to take care of them.
const stranded = new Map();

self.addEventListener("install", (event) => {
  // The files' names say what is in them, so what the browser has of them is good. The page is fetched as nobody's.
  const [page, ...files] = SHELL;
  const fetched = [new Request(page, { cache: "reload", credentials: "omit" }), ...files];
  event.waitUntil(caches.open(NAME).then((cache) => cache.addAll(fetched)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const old = (name) => name.startsWith(PREFIX) && name !== NAME;
  const cleaned = caches.keys().then((names) => Promise.all(names.filter(old).map((name) => caches.delete(name))));
  event.waitUntil(cleaned.then(() => self.clients.claim()));
});

const empty = async () => (await caches.match(SHELL[0], { cacheName: NAME })) ?? Response.error();

async function read(request) {
  // A net that is there and carries nothing is as good as none.
  const tired = new Promise((_done, failed) => setTimeout(failed, PATIENCE));
  try {
    return await Promise.race([fetch(request), tired]);
  } catch {
    return empty();
  }
}

// A note that is sent from its own page while the net goes: what was typed follows along to the empty page.
async function write(event, citizen) {
  const copy = event.request.clone();
  try {
    return await fetch(event.request);
  } catch {
    const typed = await copy.formData();
    const fields = [...typed].filter(([, value]) => typeof value === "string");
    const pictured = [...typed].some(([, value]) => value instanceof File && value.size > 0);
    stranded.set(event.resultingClientId, { citizen, fields, pictured });
    return empty();
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (request.mode === "navigate") {
    const citizen = NOTE.exec(url.pathname)?.slice(1).find(Boolean);
    if (request.method === "GET") event.respondWith(read(request));
    else if (citizen) event.respondWith(write(event, citizen));
  } else if (request.method === "GET" && SHELL.indexOf(url.pathname) > 0) {
    event.respondWith(caches.match(request, { cacheName: NAME, ignoreVary: true }).then((kept) => kept ?? fetch(request)));
  }
});

self.addEventListener("message", (event) => {
  if (event.data !== "stranded") return;
  event.ports[0].postMessage(stranded.get(event.source.id) ?? null);
  stranded.delete(event.source.id);
});
