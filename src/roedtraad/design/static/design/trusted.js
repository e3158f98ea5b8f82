// A text becomes HTML in one place only: here (Trusted Types, where the browser knows them). htmx hands over what the
// server answered, and it is let through when it is nothing but HTML. An answer that would run something is none of
// ours, so it is refused as a whole; the page then stays as it was.
(() => {
  if (!window.trustedTypes?.createPolicy) return;
  const LOADS = ["href", "src", "action", "formaction", "xlink:href", "data"];
  const NEVER = "script:not([src]), iframe, frame, object, embed, base, meta[http-equiv], template[shadowrootmode]";
  const read = trustedTypes.createPolicy("read", { createHTML: (text) => text });

  const runs = (node) =>
    node.getAttributeNames().some((name) => {
      if (name.startsWith("on") || name.startsWith("hx-on") || name.startsWith("data-hx-on")) return true;
      // The browser itself skips such signs in front of and inside of a scheme.
      const value = node.getAttribute(name).replace(/[\u0000-\u0020]/g, "").toLowerCase();
      return LOADS.includes(name) && /^(javascript|vbscript|data:text)/.test(value);
    });

  // Names of no other kind: createScript and createScriptURL are left out, so such uses always fail.
  trustedTypes.createPolicy("default", {
    createHTML(text) {
      const page = new DOMParser().parseFromString(read.createHTML(text), "text/html");
      if (page.querySelector(NEVER) || [...page.querySelectorAll("*")].some(runs))
        throw new TypeError("The answer has something in it that runs, and is not shown.");
      return text;
    },
  });
})();
