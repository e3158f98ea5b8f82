// A person on the network map is taken hold of and moved, by pointer or with the arrow keys; the server is told when
// one lets go. Without this script each person is a link to a form with the same choices.
const AROUND = 5;
const OUTWARD = 0.04;
const WAIT = 700;
const TAP = 5;

const round = (value, places) => Number(value.toFixed(places));

function place(person, angle, distance) {
  const plot = person.ownerSVGElement.dataset;
  const far = Number(plot.core) + distance * (Number(plot.radius) - Number(plot.core));
  const turned = (angle * Math.PI) / 180;
  const x = round(Number(plot.x) + far * Math.sin(turned), 1);
  const y = round(Number(plot.y) - far * Math.cos(turned), 1);
  person.setAttribute("transform", `translate(${x} ${y})`);
}

function spotAt(person, event) {
  const svg = person.ownerSVGElement;
  const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
  const plot = svg.dataset;
  const right = at.x - Number(plot.x);
  const down = at.y - Number(plot.y);
  const far = Math.hypot(right, down);
  const distance = (far - Number(plot.core)) / (Number(plot.radius) - Number(plot.core));
  const angle = (Math.atan2(right, -down) * 180) / Math.PI;
  return { angle: (angle + 360) % 360, distance: Math.min(Math.max(distance, 0), 1) };
}

class NetworkMap {
  constructor(figure) {
    this.url = figure.dataset.networkMove;
    this.said = figure.querySelector("[data-network-said]");
    this.figure = figure;
    this.waiting = new WeakMap();
    this.sending = Promise.resolve();
    for (const person of figure.querySelectorAll("a.net-person[data-key]")) this.#listen(person);
  }

  // The drawing stands twice, for wide and for narrow screens; both say the same.
  #both(person) {
    return this.figure.querySelectorAll(`a.net-person[data-key="${CSS.escape(person.dataset.key)}"]`);
  }

  #show(person, spot) {
    for (const one of this.#both(person)) {
      place(one, spot.angle, spot.distance);
      one.spot = spot;
    }
  }

  #saved(person) {
    return { angle: Number(person.dataset.angle), distance: Number(person.dataset.distance) };
  }

  #listen(person) {
    let from = null;
    let moved = false;
    person.addEventListener("dragstart", (event) => event.preventDefault());
    person.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      from = event;
      moved = false;
      person.setPointerCapture(event.pointerId);
    });
    person.addEventListener("pointermove", (event) => {
      if (!from) return;
      moved ||= Math.hypot(event.clientX - from.clientX, event.clientY - from.clientY) > TAP;
      if (!moved) return;
      person.classList.add("net-held");
      this.#show(person, spotAt(person, event));
    });
    person.addEventListener("pointerup", () => {
      from = null;
      person.classList.remove("net-held");
      if (moved) this.#save(person);
    });
    person.addEventListener("pointercancel", () => {
      from = null;
      person.classList.remove("net-held");
      this.#show(person, this.#saved(person));
    });
    person.addEventListener("click", (event) => {
      if (moved) event.preventDefault();
      moved = false;
    });
    person.addEventListener("keydown", (event) => this.#key(person, event));
    person.addEventListener("blur", () => this.#settle(person));
  }

  #key(person, event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const spot = { ...(person.spot ?? this.#saved(person)) };
    if (event.key === "ArrowUp") spot.distance = Math.max(spot.distance - OUTWARD, 0);
    else if (event.key === "ArrowDown") spot.distance = Math.min(spot.distance + OUTWARD, 1);
    else if (event.key === "ArrowRight") spot.angle = (spot.angle + AROUND) % 360;
    else if (event.key === "ArrowLeft") spot.angle = (spot.angle + 360 - AROUND) % 360;
    else if (event.key === "Escape" && this.waiting.has(person)) {
      clearTimeout(this.waiting.get(person));
      this.waiting.delete(person);
      this.#show(person, this.#saved(person));
      return;
    } else return;
    event.preventDefault();
    this.#show(person, spot);
    clearTimeout(this.waiting.get(person));
    this.waiting.set(person, setTimeout(() => this.#settle(person), WAIT));
  }

  #settle(person) {
    if (!this.waiting.has(person)) return;
    clearTimeout(this.waiting.get(person));
    this.waiting.delete(person);
    this.#save(person);
  }

  // One at a time: the next move needs the number the last one got.
  #save(person) {
    this.sending = this.sending.then(() => this.#send(person));
  }

  async #send(person) {
    const spot = person.spot;
    const headers = JSON.parse(document.body.getAttribute("hx-headers") ?? "{}");
    const body = new URLSearchParams({
      person: person.dataset.key,
      version: person.dataset.version,
      angle: round(spot.angle, 1),
      distance: round(spot.distance, 3),
    });
    let answer = null;
    try {
      const response = await fetch(this.url, { method: "POST", headers, body });
      if (response.headers.get("content-type")?.startsWith("application/json")) answer = await response.json();
    } catch {
      // No net: said below, and the person goes back to where they are known to be.
    }
    if (answer?.version === undefined) {
      this.#show(person, this.#saved(person));
      this.said.textContent = answer?.said ?? this.figure.dataset.networkLost;
      return;
    }
    for (const one of this.#both(person)) {
      one.dataset.version = answer.version;
      one.dataset.angle = answer.angle;
      one.dataset.distance = answer.distance;
      one.setAttribute("aria-label", answer.words);
    }
    this.#show(person, answer);
    this.said.textContent = answer.said;
  }
}

for (const figure of document.querySelectorAll("[data-network-move]")) new NetworkMap(figure);
