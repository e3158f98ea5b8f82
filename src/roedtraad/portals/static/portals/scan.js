// For those who have one switch: the focus goes by itself from one thing to the next, Space or Enter chooses.
// In a text field the first press stops it there, so that one can write; leaving the field sets it going again.
const told = document.querySelector("[data-scan]");
const PLACES = ["main", ".bottombar", ".rail"];
const THINGS = ["a[href]", "button", "summary", "select", "textarea", "input:not([type=hidden])", "audio[controls]"];
const TYPED = "textarea, select, input:not([type=checkbox], [type=radio], [type=file], [type=submit])";
const targets = PLACES.flatMap((place) => THINGS.map((thing) => `${place} ${thing}`)).join(",");
const seen = () => [...document.querySelectorAll(targets)].filter((one) => !one.disabled && one.checkVisibility());

let here = null;
let writing = false;
let paused = false;

const leave = () => here?.classList.remove("scan-here");
const step = () => {
  if (writing || paused) return;
  const things = seen();
  if (!things.length) return;
  leave();
  here = things[(things.indexOf(here) + 1) % things.length];
  here.classList.add("scan-here");
  here.focus();
};

if (told) {
  setInterval(step, Number(told.dataset.scan) * 1000);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      paused = !paused && !writing;
      writing = false;
      return;
    }
    if (event.key !== " " && event.key !== "Enter") return;
    if (paused) {
      paused = false;
      return;
    }
    if (!here || document.activeElement !== here) return;
    if (here.matches(TYPED)) {
      if (!writing) event.preventDefault();
      writing = true;
    } else if (here.matches("a, input[type=checkbox], input[type=radio]")) {
      event.preventDefault();
      here.click();
    }
  });
  document.addEventListener("focusout", (event) => {
    if (event.target === here) writing = false;
  });
}
