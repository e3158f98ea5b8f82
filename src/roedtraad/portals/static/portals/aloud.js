// Reads a block aloud with the browser's own voice. Where there is none, its buttons are not shown (speaks.js).
const voices = window.speechSynthesis;
const buttons = [...document.querySelectorAll("[data-aloud]")];
const SILENT = "button:not(.face, .step), .my-aloud, .sr-only, script, style, audio, table, details, .thread";

const words = (node) => {
  const copy = node.cloneNode(true);
  for (const part of copy.querySelectorAll(SILENT)) part.remove();
  // What stands on lines of its own is a sentence of its own.
  for (const part of copy.querySelectorAll("h1, h2, h3, p, li, dt, dd, button, a, label")) part.append(". ");
  return copy.textContent.replace(/\s+/g, " ").replace(/(\s*[.?]\s*)(\.\s*)+/g, "$1").trim();
};

const quiet = () => {
  voices.cancel();
  for (const button of buttons) {
    button.setAttribute("aria-pressed", "false");
    const label = button.querySelector("span");
    if (label.dataset.says) label.textContent = label.dataset.says;
  }
};

if (voices && window.SpeechSynthesisUtterance) {
  for (const button of buttons) {
    button.addEventListener("click", () => {
      const speaking = button.getAttribute("aria-pressed") === "true";
      quiet();
      if (speaking) return;
      const said = new SpeechSynthesisUtterance(words(document.getElementById(button.dataset.aloud)));
      said.lang = document.documentElement.lang === "en" ? "en-GB" : "da-DK";
      said.voice = voices.getVoices().find((voice) => voice.lang.replace("_", "-") === said.lang) || null;
      said.rate = 0.95;
      said.addEventListener("end", quiet);
      said.addEventListener("error", quiet);
      const label = button.querySelector("span");
      label.dataset.says ||= label.textContent;
      label.textContent = button.dataset.stop;
      button.setAttribute("aria-pressed", "true");
      voices.speak(said);
    });
  }
  addEventListener("pagehide", () => voices.cancel());
}
