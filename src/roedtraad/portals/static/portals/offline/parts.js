// Small helps for the page: copies of its templates, times in words.
const DAY = new Intl.DateTimeFormat("da-DK", { day: "numeric", month: "short" });
const CLOCK = new Intl.DateTimeFormat("da-DK", { hour: "2-digit", minute: "2-digit" });

export const one = (name, root = document) => root.querySelector(`[data-${name}]`);

export function copy(name) {
  return document.getElementById(`t-${name}`).content.firstElementChild.cloneNode(true);
}

export const clock = (at) => CLOCK.format(at).replace(":", ".");

// "14.05" today, "16. nov. 14.05" else; `ahead` is how far the clock that says »today« is from the phone's.
export function when(at, ahead = 0) {
  const day = new Date(at).toDateString() === new Date(Date.now() + ahead).toDateString() ? "" : `${DAY.format(at)} `;
  return `${day}${clock(at)}`;
}

export function put(root, values) {
  for (const [name, text] of Object.entries(values)) {
    const found = one(name, root);
    found.textContent = text ?? "";
    found.hidden = !text;
  }
  return root;
}

// The same for those who hear: a button says whom it is about.
export function tellWhom(root, words) {
  for (const found of root.querySelectorAll("[data-for]")) found.textContent = ` ${words}`;
}

// New lines in the place of the old, without losing where one stood.
export function refill(list, lines) {
  const stood = document.activeElement?.id;
  list.replaceChildren(...lines);
  if (stood && document.activeElement === document.body) document.getElementById(stood)?.focus();
}
