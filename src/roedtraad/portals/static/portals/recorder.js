// Records one's voice into the form's own file field, at most two minutes, where the browser can. Without it one
// chooses a recording as a file.
const box = document.querySelector("[data-recorder]");
const button = box?.querySelector("[data-record]");

if (box && window.MediaRecorder && navigator.mediaDevices?.getUserMedia) {
  const field = box.querySelector("input[type=file]");
  const heard = box.querySelector("audio");
  const said = box.querySelector("[role=status]");
  const kind = ["audio/webm", "audio/ogg", "audio/mp4"].find((one) => MediaRecorder.isTypeSupported(one));
  let recorder = null;
  let clock = 0;

  const stopped = (parts) => {
    clearInterval(clock);
    const type = recorder.mimeType.split(";")[0];
    const kept = new DataTransfer();
    kept.items.add(new File(parts, `oensket.${type.split("/")[1]}`, { type }));
    field.files = kept.files;
    URL.revokeObjectURL(heard.src);
    heard.src = URL.createObjectURL(kept.files[0]);
    heard.hidden = false;
    button.textContent = box.dataset.begin;
    said.textContent = box.dataset.done;
    recorder = null;
  };

  const begin = async () => {
    let source;
    try {
      source = await navigator.mediaDevices.getUserMedia({ audio: true });
    } catch {
      said.textContent = box.dataset.closed;
      field.hidden = false;
      return;
    }
    const parts = [];
    recorder = new MediaRecorder(source, { mimeType: kind, audioBitsPerSecond: 64_000 });
    recorder.addEventListener("dataavailable", (event) => parts.push(event.data));
    recorder.addEventListener("stop", () => {
      for (const track of source.getTracks()) track.stop();
      stopped(parts);
    });
    recorder.start();
    button.textContent = box.dataset.end;
    let seconds = 0;
    said.textContent = box.dataset.told;
    clock = setInterval(() => {
      seconds += 1;
      if (seconds >= Number(box.dataset.longest)) recorder?.stop();
    }, 1000);
  };

  if (kind) {
    button.hidden = false;
    field.hidden = true;
    button.addEventListener("click", () => (recorder ? recorder.stop() : begin()));
  }
}
