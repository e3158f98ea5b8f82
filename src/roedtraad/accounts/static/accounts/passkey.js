// Passkeys. The page's form says what to ask for (data-options, or the address of the login), the browser asks
// the telephone or the key, and the answer is sent with the form.
const toBytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (character) => character.charCodeAt(0));
const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

function readable(options) {
  const asked = structuredClone(options.publicKey);
  asked.challenge = toBytes(asked.challenge);
  if (asked.user) asked.user.id = toBytes(asked.user.id);
  for (const list of [asked.excludeCredentials, asked.allowCredentials])
    for (const credential of list || []) credential.id = toBytes(credential.id);
  return { publicKey: asked };
}

function answerOf(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"])
    if (credential.response[name]) response[name] = toText(credential.response[name]);
  if (credential.response.getTransports) response.transports = credential.response.getTransports();
  return JSON.stringify({
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    response,
    clientExtensionResults: credential.getClientExtensionResults(),
    authenticatorAttachment: credential.authenticatorAttachment,
  });
}

async function optionsOf(form) {
  if (form.dataset.passkey !== "login") return JSON.parse(form.dataset.options);
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(answer.statusText);
  return (await answer.json()).request_options;
}

function enhance(form) {
  const status = form.querySelector("[data-passkey-status]");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (form.dataset.busy) return;
    if (!window.PublicKeyCredential) {
      status.textContent = form.dataset.impossible;
      return;
    }
    form.dataset.busy = "yes";
    status.textContent = "";
    try {
      const options = readable(await optionsOf(form));
      const made = form.dataset.passkey === "create" ? "create" : "get";
      const credential = await navigator.credentials[made](options);
      form.elements.credential.value = answerOf(credential);
      form.submit();
    } catch (error) {
      const taken = error.name === "InvalidStateError" && form.dataset.taken;
      const impossible = error.name === "SecurityError" && form.dataset.impossible;
      status.textContent = taken || impossible || form.dataset.failed;
      delete form.dataset.busy;
    }
  });
}

for (const form of document.querySelectorAll("form[data-passkey]")) enhance(form);
