// Saves what is typed into a form a moment after the typing stops, and when the page is left.
const words = document.querySelector("[data-drafts]")?.dataset;
const PAUSE = 2_000;
const AGAIN = 15_000;
// A browser refuses to go on sending more than this when the page is left.
const MOST_ON_LEAVING = 60_000;
const TECHNICAL = new Set(["csrfmiddlewaretoken", "request_id", "written_by"]);
const SKIPPED = new Set(["password", "file", "submit", "button", "image", "reset"]);

function plain(node) {
  const copy = node?.cloneNode(true);
  for (const part of copy?.querySelectorAll(".optional, .sr-only, select, textarea") ?? []) part.remove();
  return copy?.textContent.replace(/\s+/g, " ").trim() ?? "";
}

// What the page calls the field, and what it calls the choice.
function inWords(field, chosen) {
  const own = plain(field.labels?.[0]) || field.getAttribute("aria-label") || "";
  if (chosen) return [own, chosen.textContent.trim()];
  if (field.type !== "radio" && field.type !== "checkbox") return [own, ""];
  const legend = plain(field.closest("fieldset")?.querySelector("legend"));
  return legend && field.form.querySelectorAll(`[name="${CSS.escape(field.name)}"]`).length > 1 ? [legend, own] : [own, words.yes];
}

function fieldsOf(form) {
  const found = [];
  for (const field of form.elements) {
    if (!field.name || field.disabled || TECHNICAL.has(field.name) || SKIPPED.has(field.type)) continue;
    if ((field.type === "checkbox" || field.type === "radio") && !field.checked) continue;
    const values = field.selectedOptions ? [...field.selectedOptions].map((o) => [o.value, o]) : [[field.value, null]];
    for (const [value, chosen] of values) {
      const [label, shown] = field.type === "hidden" ? ["", ""] : inWords(field, chosen);
      found.push({ name: field.name, value, label, shown });
    }
  }
  return found;
}

class Draft {
  constructor(form) {
    this.form = form;
    this.version = 0;
    this.saved = 0;
    this.timer = 0;
    this.line = document.createElement("p");
    this.line.className = "draft-line";
    this.line.setAttribute("role", "status");
    form.append(this.line);
    form.addEventListener("input", () => this.typed());
    form.addEventListener("change", () => this.typed());
    // The sending itself carries everything from here on; a save on its way would only come too late.
    form.addEventListener("submit", () => this.stop());
  }

  typed() {
    this.stopped = false;
    this.version += 1;
    this.later(PAUSE, false);
  }

  later(pause, again) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save({ again }), pause);
  }

  stop() {
    this.stopped = true;
    clearTimeout(this.timer);
    this.sending?.abort();
  }

  leave() {
    if (!this.stopped && this.version > this.saved) this.save({ leaving: true });
  }

  say(text) {
    if (this.line.textContent !== text) this.line.textContent = text;
  }

  async save({ again = false, leaving = false }) {
    clearTimeout(this.timer);
    const version = this.version;
    const hidden = (name) => this.form.querySelector(`input[name="${name}"]`)?.value ?? "";
    const body = new URLSearchParams({
      csrfmiddlewaretoken: hidden("csrfmiddlewaretoken"),
      written_by: hidden("written_by"),
      writing: hidden("request_id"),
      version,
      action: this.form.dataset.draft,
      page: location.pathname + location.search,
      title: plain(document.querySelector("h1")),
      fields: JSON.stringify(fieldsOf(this.form)),
    });
    this.sending = new AbortController();
    // Trying again by itself is no sign of anybody sitting there.
    const headers = { Accept: "application/json", ...(again ? { "X-Background": "yes" } : {}) };
    let answer;
    try {
      const keepalive = leaving && body.toString().length < MOST_ON_LEAVING;
      answer = await fetch(words.drafts, { method: "POST", body, headers, keepalive, signal: this.sending.signal });
    } catch {
      if (this.stopped) return;
      this.say(words.offline);
      this.later(AGAIN, true);
      return;
    }
    if (this.stopped) return;
    if (answer.status >= 500 || answer.status === 429) {
      this.say(answer.status >= 500 ? words.offline : words.refused);
      this.later(AGAIN, true);
      return;
    }
    const told = await answer.json().catch(() => ({}));
    if (!answer.ok) {
      this.say(told.detail ?? words.refused);
      return;
    }
    this.saved = Math.max(this.saved, version);
    if (told.at) this.say((told.signed_in ? words.saved : words.away).replace("{time}", told.at));
  }
}

const drafts = new Set();
function enhance(root) {
  const forms = [...root.querySelectorAll("form[data-draft]:not([data-draft-ready])")];
  for (const form of root.matches?.("form[data-draft]:not([data-draft-ready])") ? [root, ...forms] : forms) {
    form.dataset.draftReady = "";
    drafts.add(new Draft(form));
  }
}

if (words) {
  enhance(document);
  document.addEventListener("htmx:load", (event) => enhance(event.target));
  const leave = () => {
    for (const draft of drafts) draft.leave();
  };
  window.addEventListener("pagehide", leave);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) leave();
  });
  window.addEventListener("online", () => {
    for (const draft of drafts) if (!draft.stopped && draft.version > draft.saved) draft.save({ again: true });
  });
}
