// Keeps what was typed about the place on this device, until one logs out.
for (const field of document.querySelectorAll("[data-remember]")) {
  field.value ||= localStorage.getItem(field.dataset.remember) ?? "";
  field.addEventListener("input", () => localStorage.setItem(field.dataset.remember, field.value));
}
