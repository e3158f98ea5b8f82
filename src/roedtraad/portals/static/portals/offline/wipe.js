// On the page where one logs in nobody is logged in: what could be read here goes. What was written and is not sent lies
// locked until its writer is back, and the page says that it is there.
import * as store from "./store.js";
import { queueWords } from "./words.js";

const line = document.querySelector("[data-device]");
try {
  await store.wipe();
  const { others } = await store.counted();
  if (line && others) {
    line.textContent = queueWords(JSON.parse(line.dataset.device), { net: true, out: false, waiting: 0, back: 0, others }).text;
    line.hidden = false;
  }
} catch {
  // A browser that keeps nothing has nothing to throw away.
}
