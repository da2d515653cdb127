import type { IncomingMessage } from "node:http";
import { ApiError } from "../errors.js";
import type { UploadedFile } from "./router.js";

/** Discord refuses requests that are longer. */
const MAX_BYTES = 25 * 1024 * 1024;

export interface Body {
  readonly json: unknown;
  readonly files: readonly UploadedFile[];
  /** It came as `application/x-www-form-urlencoded`. */
  readonly encoded: boolean;
}

export const NO_BODY: Body = { json: undefined, files: [], encoded: false };

/** The raw bytes, bounded. */
export function readBytes(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > MAX_BYTES) reject(new ApiError(413, 40005, "Request entity too large"));
      else chunks.push(chunk);
    });
    request.on("end", () =>
      resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks)),
    );
    request.on("error", reject);
    request.on("aborted", () => reject(new Error("aborted")));
  });
}

export async function readBody(request: IncomingMessage): Promise<Body> {
  const bytes = await readBytes(request);
  if (bytes.length === 0) return NO_BODY;
  const type = request.headers["content-type"] ?? "";
  if (type.startsWith("multipart/form-data")) return readForm(bytes, type);
  if (type.startsWith("application/x-www-form-urlencoded"))
    return { json: Object.fromEntries(new URLSearchParams(bytes.toString())), files: [], encoded: true };
  return { ...NO_BODY, json: parse(bytes.toString()) };
}

/** `payload_json` and the files beside it. */
function readForm(bytes: Buffer, type: string): Body {
  const boundary = /boundary="?([^";]+)"?/.exec(type)?.[1];
  if (boundary === undefined) throw new ApiError(400, 50035, "Invalid Form Body");
  const files: UploadedFile[] = [];
  let json: unknown = {};
  for (const part of partsOf(bytes, Buffer.from(`--${boundary}`))) {
    const split = part.indexOf("\r\n\r\n");
    if (split < 0) continue;
    const head = part.subarray(0, split).toString();
    const content = part.subarray(split + 4);
    const field = /[; ]name="([^"]*)"/.exec(head)?.[1] ?? "";
    const filename = /[; ]filename="([^"]*)"/.exec(head)?.[1];
    if (field === "payload_json") json = parse(content.toString());
    else if (filename !== undefined) {
      files.push({
        field,
        filename,
        type: /content-type: *([^\r\n]+)/i.exec(head)?.[1] ?? "",
        bytes: content,
      });
    }
  }
  return { json, files, encoded: false };
}

/** What stands between the boundaries, without the line breaks that belong to them. */
function* partsOf(bytes: Buffer, boundary: Buffer): Iterable<Buffer> {
  let start = bytes.indexOf(boundary);
  while (start >= 0) {
    const next = bytes.indexOf(boundary, start + boundary.length);
    if (next < 0) return;
    yield bytes.subarray(start + boundary.length + 2, next - 2);
    start = next;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ApiError(400, 50109, "The request body contains invalid JSON.");
  }
}
