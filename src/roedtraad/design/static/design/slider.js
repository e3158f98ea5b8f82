// The range follows the date field and the other way round. Letting go of the pointer shows the day;
// by keyboard one steps freely and shows the day with Enter, so that no key press reloads the page.
const DAY = 86_400_000;
const words = new Intl.DateTimeFormat(document.documentElement.lang || "da", { dateStyle: "long", timeZone: "UTC" });

function enhance(root) {
  for (const form of root.querySelectorAll("[data-date-slider]:not([data-ready])")) {
    form.dataset.ready = "";
    const range = form.querySelector("input[type=range]");
    const field = form.querySelector("input[type=date]");
    const first = Date.parse(range.dataset.first);
    let byPointer = false;
    range.addEventListener("pointerdown", () => {
      byPointer = true;
    });
    range.addEventListener("keydown", (event) => {
      byPointer = false;
      if (event.key === "Enter") form.requestSubmit();
    });
    range.addEventListener("input", () => {
      const chosen = new Date(first + Number(range.value) * DAY);
      field.value = chosen.toISOString().slice(0, 10);
      range.setAttribute("aria-valuetext", words.format(chosen));
    });
    range.addEventListener("change", () => {
      if (byPointer) form.requestSubmit();
    });
    field.addEventListener("input", () => {
      const chosen = Date.parse(field.value);
      if (Number.isNaN(chosen)) return;
      range.value = String(Math.round((chosen - first) / DAY));
      range.setAttribute("aria-valuetext", words.format(new Date(chosen)));
    });
  }
}

enhance(document);
document.addEventListener("htmx:load", (event) => enhance(event.target));
