// What a phone can do for a note: count the signs, take dictation, and make a picture small before it is sent.
// Without it the form works as it stands.

for (const shown of document.querySelectorAll("[data-count]")) {
  const field = document.getElementById(shown.dataset.for);
  const most = Number(field.dataset.most);
  const count = () => {
    // As the server counts: whole signs, not halves of them.
    const left = most - Array.from(field.value.trim()).length;
    shown.toggleAttribute("data-over", left < 0);
    shown.textContent = left < 2_000 ? shown.dataset.words.replace("{n}", left.toLocaleString("da-DK")) : "";
  };
  field.addEventListener("input", count);
  count();
}

const Recognition = window.SpeechRecognition ?? window.webkitSpeechRecognition;
for (const button of Recognition ? document.querySelectorAll("[data-dictate]") : []) {
  const field = document.getElementById(button.dataset.for);
  const start = button.textContent;
  let listening = null;
  const stopped = () => {
    listening = null;
    button.textContent = start;
    button.removeAttribute("aria-pressed");
  };
  button.hidden = false;
  document.querySelector("[data-dictate-note]").hidden = false;
  button.addEventListener("click", () => {
    if (listening) {
      listening.stop();
      return;
    }
    listening = new Recognition();
    listening.lang = "da-DK";
    listening.continuous = true;
    listening.addEventListener("result", (event) => {
      for (const result of Array.from(event.results).slice(event.resultIndex)) {
        if (!result.isFinal) continue;
        const said = result[0].transcript.trim();
        field.value += (field.value && !/\s$/.test(field.value) ? " " : "") + said;
        // The draft and the counter listen for typing.
        field.dispatchEvent(new Event("input", { bubbles: true }));
      }
    });
    listening.addEventListener("end", stopped);
    listening.addEventListener("error", stopped);
    listening.start();
    button.textContent = button.dataset.stop;
    button.setAttribute("aria-pressed", "true");
  });
}

async function scaled(file, longest) {
  const picture = await createImageBitmap(file);
  const share = Math.min(1, longest / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * share);
  canvas.height = Math.round(picture.height * share);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
  // Drawn anew it holds the dots alone: no place, no camera; and no name from the phone.
  return new File([blob], "billede.jpg", { type: "image/jpeg" });
}

for (const field of document.querySelectorAll("input[type=file][data-scale]")) {
  let own = false;
  field.addEventListener("change", async () => {
    if (own || !field.files.length) return;
    try {
      const chosen = new DataTransfer();
      chosen.items.add(await scaled(field.files[0], Number(field.dataset.scale)));
      own = true;
      field.files = chosen.files;
    } catch {
      // What the browser cannot draw the server looks at as it is.
    } finally {
      own = false;
    }
  });
}
