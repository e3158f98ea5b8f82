// The alarm button: held down for a second and a half, by finger, mouse or key. A press by other means (a screen
// reader's) sends the form as it would be sent without this script, and is asked once more.
const form = document.querySelector("form[data-hold]");
const HOLD = 1500;
const AGAIN = 2000;

if (form) {
  const button = form.querySelector("button[type=submit]");
  const note = form.querySelector("[data-hold-note]");
  const words = form.dataset;
  let timer = 0;
  let isSending = false;
  let isOurs = false;

  // Made here, when the button is held: sent twice over a bad connection it is one alarm, pressed twice it is two.
  function newKey() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    const now = Date.now();
    for (let n = 0; n < 6; n++) bytes[n] = Math.floor(now / 2 ** (8 * (5 - n))) % 256;
    bytes[6] = 0x70 | (bytes[6] & 0x0f);
    bytes[8] = 0x80 | (bytes[8] & 0x3f);
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  }

  function begin() {
    if (isSending || timer) return;
    button.classList.add("holding");
    timer = setTimeout(held, HOLD);
  }
  function leave() {
    button.classList.remove("holding");
    if (!timer) return;
    clearTimeout(timer);
    timer = 0;
    note.textContent = words.holdWords;
  }
  function held() {
    timer = 0;
    isSending = true;
    navigator.vibrate?.(200);
    note.textContent = words.sending;
    const content = new FormData(form);
    content.set("key", newKey());
    content.set("confirmed", "1");
    send(content);
  }
  async function send(content) {
    let answer;
    try {
      answer = await fetch(form.action, { method: "POST", body: content, signal: AbortSignal.timeout(8000) });
    } catch {
      answer = null;
    }
    if (answer === null || answer.status >= 500 || answer.status === 429) {
      note.textContent = words.notSent;
      setTimeout(() => send(content), AGAIN);
    } else if (answer.redirected && new URL(answer.url).pathname.startsWith(new URL(form.action).pathname)) {
      location.assign(answer.url);
    } else {
      isSending = false;
      button.classList.remove("holding");
      note.textContent = words.refused;
    }
  }

  button.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    isOurs = true;
    begin();
  });
  for (const kind of ["pointerup", "pointercancel", "pointerleave"]) button.addEventListener(kind, leave);
  button.addEventListener("contextmenu", (event) => event.preventDefault());
  button.addEventListener("keydown", (event) => {
    if (event.key !== " " && event.key !== "Enter") return;
    event.preventDefault();
    if (!event.repeat) begin();
  });
  button.addEventListener("keyup", (event) => {
    if (event.key !== " " && event.key !== "Enter") return;
    event.preventDefault();
    leave();
  });
  button.addEventListener("blur", leave);
  button.addEventListener("click", (event) => {
    if (isOurs || isSending) event.preventDefault();
    isOurs = false;
  });
}
