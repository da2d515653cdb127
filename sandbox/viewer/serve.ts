/** The page on which one can be anybody: bundled when it is first asked for, so that nobody else waits for it. */
import { readFile } from "node:fs/promises";
import type { ServerResponse } from "node:http";

const here = new URL("app/", import.meta.url);

interface Asset {
  readonly type: string;
  readonly body: string | Uint8Array;
}

let bundled: Promise<Uint8Array> | undefined;

/** All of the page comes from here; it talks to nobody but this server. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "media-src 'self'",
  "connect-src 'self'",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ");

export async function serveViewer(path: string, response: ServerResponse): Promise<void> {
  try {
    const { type, body } = await assetOf(path);
    response.writeHead(200, {
      "Content-Type": type,
      "Cache-Control": "no-store",
      "Content-Security-Policy": POLICY,
      "X-Content-Type-Options": "nosniff",
    });
    response.end(body);
  } catch (error) {
    response.writeHead(500, { "Content-Type": "text/plain; charset=utf-8" });
    response.end(`The page could not be built: ${error instanceof Error ? error.message : String(error)}`);
  }
}

export const isViewerPath = (path: string): boolean => path === "/" || path.startsWith("/viewer/");

async function assetOf(path: string): Promise<Asset> {
  switch (path) {
    case "/viewer/app.js":
      return { type: "text/javascript; charset=utf-8", body: await (bundled ??= bundle()) };
    case "/viewer/style.css":
      return { type: "text/css; charset=utf-8", body: await readFile(new URL("style.css", here)) };
    default:
      return { type: "text/html; charset=utf-8", body: await readFile(new URL("index.html", here)) };
  }
}

async function bundle(): Promise<Uint8Array> {
  const { build } = await import("esbuild");
  const { fileURLToPath } = await import("node:url");
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("main.tsx", here))],
    bundle: true,
    write: false,
    format: "esm",
    target: "es2022",
    jsx: "automatic",
    minify: true,
    define: { "process.env.NODE_ENV": '"production"' },
    logLevel: "silent",
  });
  const [file] = outputFiles;
  if (file === undefined) throw new Error("the bundler made no file");
  return file.contents;
}
