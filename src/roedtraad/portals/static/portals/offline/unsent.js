// »Ikke sendt endnu«: what waits, what was refused and why, and both texts where somebody else had written the same.
import { copy, one, put, refill, when } from "./parts.js";
import * as store from "./store.js";
import * as sync from "./sync.js";

const section = one("unsent");

function begun(name, record, words) {
  const line = copy(name);
  const { entry, at } = record;
  put(line, { what: `${words.kinds[entry.kind]}: ${entry.said}`, when: when(at) });
  const drop = one("drop", line);
  drop.id = `drop-${record.key}`;
  drop.addEventListener("click", async () => {
    if (record.state !== "waiting" && !confirm(words.sure)) return;
    await store.remove(record.number);
    document.getElementById("unsent").focus();
  });
  return line;
}

function waiting(record, words) {
  const line = begun("waiting", record, words);
  return put(line, { text: record.entry.what.text, status: words.waits });
}

function returned(record, words) {
  const line = begun("back", record, words);
  const { entry, answer } = record;
  const typed = typeof entry.what.text === "string" && entry.what.text !== "";
  put(line, { sentence: answer.sentence });
  one("text", line).remove();
  const field = line.querySelector("textarea");
  const group = one("editing", line);
  group.hidden = !typed;
  line.querySelector("label").htmlFor = field.id = `text-${record.key}`;
  field.value = entry.what.text ?? "";
  one("copy", line).hidden = !typed;
  one("copy", line).addEventListener("click", () => navigator.clipboard.writeText(field.value));
  one("again-form", line).addEventListener("submit", async (event) => {
    event.preventDefault();
    const what = typed ? { ...entry.what, text: field.value } : entry.what;
    await store.write({ ...entry, what }, { instead: record.number });
    sync.soon();
  });
  return line;
}

function conflict(record, words) {
  const line = begun("conflict", record, words);
  const { entry, answer } = record;
  const { theirs } = answer;
  const heading = words.theirs.replace("{who}", theirs.who).replace("{when}", when(theirs.at));
  put(line, { sentence: answer.sentence, mine: entry.what.text, theirs: theirs.text, "theirs-head": heading });
  const field = line.querySelector("textarea");
  line.querySelector("label").htmlFor = field.id = `text-${record.key}`;
  field.value = `${theirs.text}\n\n${entry.what.text}`;
  one("merge-form", line).addEventListener("submit", async (event) => {
    event.preventDefault();
    const what = { ...entry.what, text: field.value, version: theirs.version };
    await store.write({ ...entry, what }, { instead: record.number });
    sync.soon();
  });
  return line;
}

const MADE = { waiting, refused: returned, conflict };
let shown = new Map();

// What somebody is typing in is not drawn anew.
export function show(queue, words) {
  const lines = new Map();
  for (const record of queue) {
    const name = `${record.key} ${record.state}`;
    lines.set(name, shown.get(name) ?? MADE[record.state](record, words));
  }
  const same = lines.size === shown.size && [...lines.keys()].every((name) => shown.has(name));
  shown = lines;
  section.hidden = queue.length === 0;
  if (!same) refill(one("unsent-list"), lines.values());
}
