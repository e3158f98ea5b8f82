// Recovery codes are shown once; what is kept of them is made here, so that no address gives them again.
const list = document.querySelector("[data-codes]");

document.querySelector("[data-codes-print]")?.addEventListener("click", () => window.print());
document.querySelector("[data-codes-save]")?.addEventListener("click", () => {
  const text = [...list.querySelectorAll("code")].map((code) => `${code.textContent}\r\n`).join("");
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  link.download = list.dataset.codes;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
});
