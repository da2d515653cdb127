import { createHash } from "node:crypto";
import { HttpServerResponse } from "@effect/platform";

/** Text that stands for itself in HTML, also between quotes. */
export const escape = (text: string): string => text.replace(/[&<>"']/g, (one) => `&#${one.charCodeAt(0)};`);

const STYLE = `:root{color-scheme:light dark}
body{font:1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:12vh auto;padding:0 1.25rem}
h1{font-size:1.5rem;line-height:1.25}
a.button,button{display:inline-block;font:inherit;font-weight:600;color:#fff;background:#4752c4;border:0;border-radius:.5rem;padding:.6rem 1.1rem;text-decoration:none;cursor:pointer}
a.button:hover,button:hover{background:#3c45a5}
:focus-visible{outline:3px solid #5865f2;outline-offset:3px}
ul{padding-left:1.2rem}`;

/** The value by which a Content-Security-Policy allows exactly this text, and nothing else that stands in a page. */
export const hashSource = (text: string): string =>
  `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/** A page that needs nothing but itself. `body` is HTML: whatever comes from outside has been through `escape`. */
export const page = (
  status: number,
  title: string,
  body: string,
  script = "",
): HttpServerResponse.HttpServerResponse => {
  const sources = script === "" ? "" : `; script-src ${hashSource(script)}; connect-src 'self'`;
  return HttpServerResponse.text(
    `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escape(title)}</title>
<style>${STYLE}</style></head>
<body><main><h1>${escape(title)}</h1>
${body}</main>${script === "" ? "" : `<script>${script}</script>`}</body>
</html>`,
    {
      status,
      contentType: "text/html; charset=utf-8",
      headers: {
        "cache-control": "no-store",
        "content-security-policy": `default-src 'none'; style-src ${hashSource(STYLE)}${sources}; base-uri 'none'; form-action 'self'; frame-ancestors 'none'`,
      },
    },
  );
};
