// Runs before the first paint: a remembered theme or a folded menu must not flash in late.
(() => {
  const root = document.documentElement;
  const recall = (key) => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null; // storage is closed: the page then follows the system
    }
  };
  const keep = (key, value) => {
    try {
      localStorage.setItem(key, value);
    } catch {
      // not remembered, still shown
    }
  };
  const remembered = recall("theme");
  if (remembered && !root.dataset.theme) root.dataset.theme = remembered;
  if (recall("rail") === "small") root.dataset.rail = "small";

  document.addEventListener("DOMContentLoaded", () => {
    for (const button of document.querySelectorAll("[data-theme-toggle]")) {
      button.addEventListener("click", () => {
        const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
        root.dataset.theme = (root.dataset.theme || system) === "dark" ? "light" : "dark";
        keep("theme", root.dataset.theme);
      });
    }
    const rail = document.querySelector("[data-rail-toggle]");
    if (!rail) return;
    const tell = () => rail.setAttribute("aria-pressed", String(root.dataset.rail === "small"));
    tell();
    rail.addEventListener("click", () => {
      root.dataset.rail = root.dataset.rail === "small" ? "full" : "small";
      keep("rail", root.dataset.rail);
      tell();
    });
  });
})();
