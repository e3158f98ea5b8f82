// What this phone keeps: the shift as it was last read, and what was written and is not sent yet. Both lie in IndexedDB
// under AES-GCM; the keys come from the server while somebody is logged in, and stay in the tab (sessionStorage).
// Why so: docs/decisions/0013-offline.md.
const DATABASE = "roedtraad-uden-net";
const KEYS = "roedtraad-noegler";
// Tells the server at log-out that there is something here that must not be thrown away (config/security.py).
const MARK = "roedtraad_usendt";
const told = new BroadcastChannel(DATABASE);
let opened;

export const changes = new EventTarget();
told.addEventListener("message", () => changes.dispatchEvent(new Event("change")));

function tell() {
  changes.dispatchEvent(new Event("change"));
  told.postMessage("change");
}

function whole(request) {
  return new Promise((done, failed) => {
    request.addEventListener("success", () => done(request.result));
    request.addEventListener("error", () => failed(request.error));
  });
}

function ended(transaction) {
  return new Promise((done, failed) => {
    transaction.addEventListener("complete", () => done());
    for (const kind of ["error", "abort"]) transaction.addEventListener(kind, () => failed(transaction.error));
  });
}

function database() {
  opened ??= new Promise((done, failed) => {
    const request = indexedDB.open(DATABASE, 1);
    request.addEventListener("upgradeneeded", () => {
      request.result.createObjectStore("kept");
      request.result.createObjectStore("queue", { keyPath: "number", autoIncrement: true });
      request.result.createObjectStore("marks");
    });
    request.addEventListener("success", () => {
      const made = request.result;
      // The browser or another window throws it away: open it anew the next time.
      made.addEventListener("versionchange", () => made.close());
      for (const kind of ["versionchange", "close"]) made.addEventListener(kind, () => (opened = undefined));
      done(made);
    });
    request.addEventListener("error", () => failed(request.error));
  });
  return opened;
}

// `durability`: what somebody has written is on the disk before the page says so; the rest can be had again.
async function transaction(stores, mode, durability = "relaxed") {
  const made = (await database()).transaction(stores, mode, { durability });
  return [made, ended(made)];
}

const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const bytesOf = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));

// The phone's number, made once: part of the key of what is written on it.
export async function device() {
  const [made, over] = await transaction(["marks"], "readwrite");
  const marks = made.objectStore("marks");
  const known = await whole(marks.get("device"));
  const number = known ?? hex(crypto.getRandomValues(new Uint8Array(16)));
  if (!known) marks.put(number, "device");
  await over;
  return number;
}

let keys = null;

// Whoever is logged in here; what another one had read is thrown away, what another one wrote waits for them, locked.
export async function unlock(access) {
  const known = session();
  if (known && (known.user !== access.user || known.reading !== access.reading)) await wipe();
  sessionStorage.setItem(KEYS, JSON.stringify({ ...access, at: Date.now() }));
  keys = null;
}

export function session() {
  try {
    return JSON.parse(sessionStorage.getItem(KEYS));
  } catch {
    return null;
  }
}

async function unlocked() {
  const known = session();
  if (!known) return null;
  if (keys?.user === known.user && keys.text === known.reading) return keys;
  const made = (text) => crypto.subtle.importKey("raw", bytesOf(text), "AES-GCM", false, ["encrypt", "decrypt"]);
  keys = { user: known.user, text: known.reading, reading: await made(known.reading), writing: await made(known.writing) };
  return keys;
}

async function sealed(key, value, label) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const additionalData = new TextEncoder().encode(label);
  const text = new TextEncoder().encode(JSON.stringify(value));
  return { iv, data: await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData }, key, text) };
}

async function unsealed(key, { iv, data }, label) {
  const additionalData = new TextEncoder().encode(label);
  const text = await crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData }, key, data);
  return JSON.parse(new TextDecoder().decode(text));
}

// What is to be read without a net, for so long and no longer.
export async function keep(value) {
  const mine = await unlocked();
  if (!mine) return;
  const until = Date.now() + session().keep_ms;
  const box = await sealed(mine.reading, value, `kept|${mine.user}`);
  const [made, over] = await transaction(["kept"], "readwrite");
  made.objectStore("kept").put({ owner: mine.user, at: Date.now(), until, ...box }, "shift");
  await over;
  tell();
}

// What was kept, or null when there is nothing that may be read (any more).
export async function kept() {
  const [made] = await transaction(["kept"], "readonly");
  const box = await whole(made.objectStore("kept").get("shift"));
  if (!box) return null;
  if (box.until < Date.now()) {
    await wipe();
    return null;
  }
  const mine = await unlocked();
  if (!mine || mine.user !== box.owner) return null;
  try {
    return { at: box.at, until: box.until, shift: await unsealed(mine.reading, box, `kept|${mine.user}`) };
  } catch {
    return null; // of a session that is over
  }
}

// Throw away what can be read, and the keys. What is not sent yet stays, and can be read by nobody until they log in.
export async function wipe() {
  sessionStorage.removeItem(KEYS);
  keys = null;
  readable.clear();
  const [made, over] = await transaction(["kept"], "readwrite");
  made.objectStore("kept").clear();
  await over;
  tell();
}

// UUID version 7: sorts by when it was made, also within a millisecond and when the clock has been set back.
function nextKey(last) {
  const now = Date.now();
  const at = last && last.at >= now ? last : { at: now, count: -1 };
  const next = at.count < 0xfff ? { at: at.at, count: at.count + 1 } : { at: at.at + 1, count: 0 };
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  for (let n = 0; n < 6; n++) bytes[n] = Math.floor(next.at / 2 ** (8 * (5 - n))) % 256;
  bytes[6] = 0x70 | (next.count >> 8);
  bytes[7] = next.count & 0xff;
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  return [next, hex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5")];
}

// Put something that was done in the queue; with `instead`, in the place of an entry that could not be sent. The key is
// the phone's own, or that of a form that may have come through after all. Null when nobody is logged in here.
export async function write(entry, { instead = null, key = null } = {}) {
  const mine = await unlocked();
  if (!mine) return null;
  const box = await sealed(mine.writing, entry, `queue|${mine.user}`);
  const [made, over] = await transaction(["queue", "marks"], "readwrite", "strict");
  const marks = made.objectStore("marks");
  const [last, own] = nextKey(await whole(marks.get("last")));
  marks.put(last, "last");
  const queue = made.objectStore("queue");
  if (instead !== null) queue.delete(instead);
  queue.add({ key: key ?? own, owner: mine.user, at: Date.now(), state: "waiting", ...box });
  await over;
  await mark();
  tell();
  return key ?? own;
}

async function records(limit) {
  const [made] = await transaction(["queue"], "readonly");
  return whole(made.objectStore("queue").getAll(null, limit));
}

// What has been read once need not be read again: by number and state.
const readable = new Map();

// What waits in order, what was refused, and how much of it belongs to somebody else.
export async function queued() {
  const mine = await unlocked();
  const all = await records();
  const own = mine ? all.filter((one) => one.owner === mine.user) : [];
  const read = async (one) => {
    const { number, key, at, state } = one;
    const known = readable.get(number);
    if (known?.state === state && known.key === key) return known;
    const entry = await unsealed(mine.writing, one, `queue|${mine.user}`);
    const answer = one.answer ? await unsealed(mine.writing, one.answer, `answer|${mine.user}`) : null;
    readable.set(number, { number, key, at, state, entry, answer });
    return readable.get(number);
  };
  return { own: await Promise.all(own.map(read)), others: all.length - own.length };
}

// How many wait, how many came back, how many are somebody else's: without reading any.
export async function counted() {
  const user = session()?.user;
  const all = await records();
  const own = all.filter((one) => one.owner === user);
  const waiting = own.filter((one) => one.state === "waiting").length;
  return { waiting, back: own.length - waiting, others: all.length - own.length };
}

// The first that wait, for a sending.
export async function first(most) {
  const mine = await unlocked();
  if (!mine) return [];
  const waiting = (await records()).filter((one) => one.owner === mine.user && one.state === "waiting").slice(0, most);
  return Promise.all(
    waiting.map(async (one) => {
      const { kind, what } = await unsealed(mine.writing, one, `queue|${mine.user}`);
      return { key: one.key, number: one.number, at: one.at, kind, what };
    }),
  );
}

// What the server said: done is gone from here, the rest stays until somebody has looked at it.
export async function settle(answers) {
  const mine = await unlocked();
  if (!mine) return;
  const boxes = new Map();
  for (const answer of answers) {
    const box = answer.state === "done" ? null : await sealed(mine.writing, answer, `answer|${mine.user}`);
    boxes.set(answer.key, [answer.state, box]);
  }
  const [made, over] = await transaction(["queue"], "readwrite");
  const queue = made.objectStore("queue");
  for (const one of await whole(queue.getAll())) {
    if (one.owner !== mine.user || one.state !== "waiting" || !boxes.has(one.key)) continue;
    const [state, box] = boxes.get(one.key);
    if (state === "done") queue.delete(one.number);
    else queue.put({ ...one, state, answer: box });
  }
  await over;
  await mark();
  tell();
}

export async function remove(number) {
  const [made, over] = await transaction(["queue"], "readwrite");
  made.objectStore("queue").delete(number);
  await over;
  await mark();
  tell();
}

async function mark() {
  const [made] = await transaction(["queue"], "readonly");
  const there = await whole(made.objectStore("queue").count());
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${MARK}=${there ? 1 : ""}; Path=/; SameSite=Lax${secure}; Max-Age=${there ? 31_536_000 : 0}`;
}
