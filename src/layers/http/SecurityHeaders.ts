type Headers = Readonly<Record<string, string>>;

/** What an answer has unless it brings its own: it is no document, and nobody keeps it. */
export const DEFAULTS: Headers = {
  "cache-control": "no-store",
  "content-security-policy":
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
};

const UNUSED = ["camera", "display-capture", "geolocation", "microphone", "payment", "usb"];

/** What every answer has, by the list of https://developer.mozilla.org/observatory. */
export const ALWAYS: Headers = {
  "cross-origin-embedder-policy": "credentialless",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": UNUSED.map((feature) => `${feature}=()`).join(", "),
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
};
