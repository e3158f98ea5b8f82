// »Min vagt uden net«: the shift from the phone's own store, with what was done since, and what is written now.
import { clock, copy, one, put, refill, tellWhom, when } from "./parts.js";
import * as store from "./store.js";
import * as sync from "./sync.js";
import * as unsent from "./unsent.js";
import { queueWords } from "./words.js";

const line = document.querySelector("[data-offline]");
const words = JSON.parse(line.dataset.offline);
const shiftArea = one("shift");
const LEVELS = [-2, -1, 0, 1, 2];
// So few are shown at once; of more, those away or at risk come first, as on Min vagt.
const A_HOUSE = 12;
let shift = null;
let queue = [];
// How far the house's clock is from the phone's.
let ahead = 0;

const dialog = (name) => document.getElementById(name);
const signed = (level) => (level > 0 ? `+${level}` : String(level).replace("-", "−"));
const resident = (key) => shift.residents.find((found) => found.key === key);
const since = (kinds, name, key) => queue.filter(({ entry }) => kinds.includes(entry.kind) && entry.what[name] === key);

async function done(entry) {
  if (!(await store.write(entry))) return;
  sync.soon();
}

// --- who is here

function riskNow(person) {
  const mine = since(["risk"], "citizen", person.key).at(-1);
  if (mine) {
    const level = shift.scales[person.scale]?.find((found) => found.id === mine.entry.what.level);
    if (level) return [level.tone, `${level.shape} ${level.name} ${clock(mine.at)} · ${words.waits}`];
  }
  return riskOf(person);
}

// As the house had it: what is set meanwhile moves nobody in the list.
function riskOf(person) {
  const { risk } = person;
  if (!risk) return ["none", person.absence ? "" : `○ ${words.unset}`];
  if (risk.stale_at < Date.now() + ahead) return ["none", `${risk.shape} ${words.stale.replace("{name}", risk.name)}`];
  return [risk.tone, `${risk.shape} ${risk.name} ${when(risk.at, ahead)}`];
}

function boardLine(person, note) {
  const made = copy("note");
  const mine = since(["correction"], "note", note.key).at(-1);
  put(made, { when: `${note.who} ${when(note.at, ahead)}${mine ? ` · ${words.waits}` : ""}`, text: mine?.entry.what.text ?? note.text });
  const edit = one("edit", made);
  edit.id = `edit-${note.key}`;
  edit.hidden = Boolean(mine);
  edit.addEventListener("click", () => correct(person, note));
  return made;
}

function goalLine(person, goal) {
  const made = copy("goal");
  const mine = since(["rating"], "goal", goal.key).at(-1);
  put(made, { title: mine ? `${goal.title} · ${signed(mine.entry.what.level)}, ${words.waits}` : goal.title });
  const button = one("rate-it", made);
  button.id = `rate-${goal.key}`;
  button.hidden = goal.levels.length === 0;
  button.addEventListener("click", () => rate(person, goal));
  tellWhom(made, `${person.name}: ${goal.title}`);
  return made;
}

function levelButton(person, level) {
  const made = copy("risk");
  put(made, { shape: level.shape, title: level.name });
  made.id = `risk-${person.key}-${level.id}`;
  made.title = level.meaning;
  made.addEventListener("click", () =>
    done({ kind: "risk", what: { citizen: person.key, level: level.id }, said: `${person.name}, ${level.name}` }),
  );
  return made;
}

function personLine(person, open) {
  const made = copy("resident");
  const [tone, risk] = riskNow(person);
  const several = new Set(shift.residents.map((found) => found.unit)).size > 1;
  put(made, { face: person.initials, name: person.name, unit: several ? person.unit : "", absence: person.absence, risk });
  one("risk", made).className = `status-${tone}`;
  const details = made.querySelector("details");
  details.dataset.key = person.key;
  details.open = open.has(person.key);
  details.toggleAttribute("data-away", Boolean(person.absence));
  made.querySelector("summary").id = `person-${person.key}`;
  // What is folded away is drawn when it is opened.
  if (details.open) openPerson(person, made);
  else details.addEventListener("toggle", () => openPerson(person, made), { once: true });
  return made;
}

function openPerson(person, made) {
  tellWhom(made, person.name);
  const write = one("write", made);
  write.id = `write-${person.key}`;
  write.addEventListener("click", () => newNote(person.key));
  const levels = shift.scales[person.scale] ?? [];
  one("board", made).hidden = person.notes.length === 0;
  one("aims", made).hidden = person.goals.length === 0;
  one("scale", made).hidden = levels.length === 0;
  put(made, { "risk-more": person.risk ? [person.risk.by, person.risk.text].filter(Boolean).join(": ") : "" });
  one("notes", made).replaceChildren(...person.notes.map((note) => boardLine(person, note)));
  one("goals", made).replaceChildren(...person.goals.map((goal) => goalLine(person, goal)));
  one("levels", made).replaceChildren(...levels.map((level) => levelButton(person, level)));
}

// --- what is to be done

const AFTER = { start: "running", end: "done", done: "done", skip: "skipped" };

function stateOf(task) {
  const mine = since(Object.keys(AFTER), "task", task.key).filter(({ state }) => state === "waiting").at(-1);
  return [mine ? AFTER[mine.entry.kind] : task.state, mine];
}

const over = (task) => ["done", "skipped"].includes(stateOf(task)[0]);

function taskLine(task) {
  const made = copy("task");
  const [state, mine] = stateOf(task);
  const said = `${task.who}: ${task.title}`;
  put(made, { time: clock(task.due), title: said });
  const notes = [words.states[state]];
  if (!mine && task.by) notes.push(task.by);
  if (mine) notes.push(`${clock(mine.at)}, ${words.waits}`);
  if (task.minutes && state === "planned") notes.push(words.minutes.replace("{n}", task.minutes));
  put(made, { "note-line": [...notes, task.instruction].filter(Boolean).join(" · ") });
  made.classList.add(`task-${state}`);
  const shown = { start: state === "planned", done: state === "planned" && task.minutes, skip: state === "planned", end: state === "running" };
  for (const button of made.querySelectorAll("[data-act]")) {
    const act = button.dataset.act;
    button.hidden = !shown[act];
    // The finger, and what reads aloud, stay where they are when »Begynd« becomes »Slut«.
    if (shown[act]) button.id = `${act === "end" ? "start" : act}-${task.key}`;
    button.addEventListener("click", () => (act === "skip" ? skip(task, said) : done({ kind: act, what: named(task), said })));
  }
  tellWhom(made, said);
  return made;
}

const named = (task) => ({ task: task.key, ...(task.series ? { series: task.series, due: task.due } : {}) });

// --- writing

function goalsFor(key) {
  const goals = resident(key)?.goals ?? [];
  const area = one("note-goals");
  area.hidden = goals.length === 0;
  area.querySelector("div").replaceChildren(
    ...goals.map((goal) => {
      const made = put(copy("choice"), { title: goal.title });
      made.querySelector("input").value = goal.key;
      return made;
    }),
  );
}

function newNote(key = "") {
  const who = document.getElementById("note-who");
  who.replaceChildren(...(key ? [] : [new Option(words.choose, "")]), ...shift.residents.map((found) => new Option(found.name, found.key)));
  who.value = key;
  goalsFor(key);
  dialog("note").showModal();
  (key ? document.getElementById("note-text") : who).focus();
}

let aim = null;

function correct(person, note) {
  aim = { person, note };
  document.getElementById("correct-text").value = note.text;
  dialog("correct").showModal();
}

function rate(person, goal) {
  aim = { person, goal };
  one("rate-goal").textContent = `${person.name}: ${goal.title}`;
  one("rate-levels").replaceChildren(
    ...LEVELS.map((level, place) => {
      const made = put(copy("level"), { title: `${signed(level)} ${goal.levels[place]}` });
      made.querySelector("input").value = level;
      return made;
    }),
  );
  dialog("rate").showModal();
}

function skip(task, said) {
  aim = { task, said };
  one("skip-task").textContent = said;
  one("reasons").replaceChildren(
    ...shift.reasons.map((reason) => {
      const made = copy("reason");
      made.textContent = made.value = reason;
      return made;
    }),
  );
  dialog("skip").showModal();
}

const WRITES = {
  note(form) {
    const citizen = form.get("citizen");
    return { kind: "note", what: { citizen, text: form.get("text"), goals: form.getAll("goals") }, said: resident(citizen).name };
  },
  correct: (form) => ({ kind: "correction", what: { note: aim.note.key, version: aim.note.version, text: form.get("text") }, said: aim.person.name }),
  rate: (form) => ({ kind: "rating", what: { goal: aim.goal.key, level: Number(form.get("level")), text: form.get("text") }, said: `${aim.person.name}, ${aim.goal.title}` }),
  skip: (_form, pressed) => ({ kind: "skip", what: { ...named(aim.task), reason: pressed.value }, said: `${aim.said} – ${pressed.value}` }),
};

for (const [name, entry] of Object.entries(WRITES)) {
  one(name).addEventListener("submit", async (event) => {
    event.preventDefault();
    const form = event.target;
    await done(entry(new FormData(form), event.submitter));
    form.reset();
    dialog(name).close();
  });
}
document.getElementById("note-who").addEventListener("change", (event) => goalsFor(event.target.value));
one("new-note").addEventListener("click", () => newNote());

// --- the whole

function tell() {
  const said = queueWords(words, sync.state);
  line.dataset.state = said.state;
  one("offline-shape").textContent = said.shape;
  if (one("offline-words").textContent !== said.text) one("offline-words").textContent = said.text;
  one("home").hidden = !sync.state.net || sync.state.out;
}

let drawn = "";

async function draw() {
  tell();
  const kept = await store.kept();
  queue = (await store.queued()).own;
  unsent.show(queue, words);
  shift = kept?.shift ?? null;
  ahead = kept ? shift.made - kept.at : 0;
  // Typing must not be disturbed by a sending that changed nothing.
  const now = JSON.stringify([kept?.at, queue.map(({ key, state }) => [key, state])]);
  if (now === drawn) return;
  drawn = now;
  shiftArea.hidden = !shift;
  one("new-note").hidden = !shift;
  one("locked").hidden = Boolean(shift);
  put(document, { where: shift && `${shift.unit} · ${words.kept.replace("{when}", clock(shift.made))}` });
  if (!shift) {
    for (const name of ["note", "correct", "rate", "skip"]) dialog(name).close();
    for (const name of ["residents", "others", "tasks", "over"]) one(name).replaceChildren();
    return;
  }
  const open = new Set([...document.querySelectorAll("details[open][data-key]")].map((found) => found.dataset.key));
  const large = shift.residents.length > A_HOUSE;
  const first = (person) => !large || person.absence || ["partly", "attention"].includes(riskOf(person)[0]);
  const parts = [
    ["residents", shift.residents.filter(first).map((person) => personLine(person, open))],
    ["others", shift.residents.filter((person) => !first(person)).map((person) => personLine(person, open))],
    ["tasks", shift.tasks.filter((task) => !over(task)).map(taskLine)],
    ["over", shift.tasks.filter(over).map(taskLine)],
  ];
  for (const [name, lines] of parts) refill(one(name), lines);
  for (const [name, said] of [["others", words.more], ["over", words.done]]) {
    const { length } = parts.find(([found]) => found === name)[1];
    one(name).parentElement.hidden = length === 0;
    one(name).parentElement.querySelector("summary").textContent = said.replace("{n}", length);
  }
  one("no-tasks").hidden = shift.tasks.length > 0;
}

// One drawing at a time; what happens meanwhile is drawn after it, and whoever writes comes in between.
const BREATH = 250;
let drawing = null;
let asked = false;
async function redraw() {
  asked = true;
  drawing ??= (async () => {
    while (asked) {
      asked = false;
      await draw();
      await new Promise((done) => setTimeout(done, BREATH));
    }
  })().finally(() => (drawing = null));
  return drawing;
}

// A note whose sending broke off is waiting in the worker for the page that came in its place.
async function takeOver() {
  const worker = navigator.serviceWorker?.controller;
  if (!worker) return;
  const channel = new MessageChannel();
  const told = new Promise((found) => {
    channel.port1.addEventListener("message", (event) => found(event.data));
    setTimeout(() => found(null), 2_000);
  });
  channel.port1.start();
  worker.postMessage("stranded", [channel.port2]);
  const note = await told;
  if (!note) return;
  const typed = new Map(note.fields);
  const every = (name) => note.fields.filter(([found]) => found === name).map(([, value]) => value);
  const happened = Date.parse(typed.get("occurred_at") ?? "");
  const what = {
    citizen: note.citizen,
    text: typed.get("text") ?? "",
    kind: typed.get("kind") ?? "",
    tags: typed.get("tags") ?? "",
    goals: every("goals"),
    sticky_until: typed.get("sticky_until") ?? "",
    important: typed.has("important"),
    shared_with_citizen: typed.has("shared_with_citizen"),
    shared_with_relatives: typed.has("shared_with_relatives"),
    ...(happened ? { happened } : {}),
  };
  const kept = await store.kept();
  const name = kept?.shift.residents.find((found) => found.key === note.citizen)?.name ?? "";
  const said = note.pictured ? `${name} (${words.no_picture})` : name;
  await store.write({ kind: "note", what, said }, { key: typed.get("request_id") ?? null });
}

sync.news.addEventListener("change", redraw);
// The time it may be read runs out also while nobody touches it.
setInterval(redraw, 60_000);
await takeOver();
redraw();
sync.start();
