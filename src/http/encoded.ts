import { HttpServerRequest, HttpServerResponse } from "@effect/platform";
import { Effect, Option } from "effect";
import { createHash } from "node:crypto";
import { type Coding, codingFor, compress } from "./Compression.js";

/** An answer that many are given: bytes, and what names this version of them. */
export interface Encoded {
  readonly contentType: string;
  /** A strong one; each compressed form has its own. */
  readonly etag: string;
  readonly bytes: Uint8Array;
  /** The same bytes, compressed as well as can be; made when somebody first asks for them. */
  readonly as: (coding: Coding) => Effect.Effect<Uint8Array>;
}

/** Keeps `text` ready to be sent. Worth it for what is asked for more often than it changes. */
export const encode = (text: string, contentType = "application/json"): Effect.Effect<Encoded> =>
  Effect.gen(function* () {
    const bytes = new TextEncoder().encode(text);
    const etag = createHash("sha256").update(bytes).digest("base64url").slice(0, 22);
    const br = yield* Effect.cached(compress(bytes, "br", "well"));
    const gzip = yield* Effect.cached(compress(bytes, "gzip", "well"));
    return { contentType, etag, bytes, as: (coding) => (coding === "br" ? br : gzip) };
  });

const matches = (header: string | undefined, etag: string): boolean =>
  header !== undefined &&
  header.split(",").some((one) => [etag, "*"].includes(one.trim().replace(/^W\//, "")));

/**
 * Sends it: nothing but 304 to whoever has this version already, else in the smallest form that the client takes.
 * Browsers keep it and ask again each time (`no-cache`), unless `headers` say otherwise.
 */
export const send = (
  { contentType, etag, bytes, as }: Encoded,
  headers: Readonly<Record<string, string>> = {},
): Effect.Effect<HttpServerResponse.HttpServerResponse, never, HttpServerRequest.HttpServerRequest> =>
  Effect.gen(function* () {
    const request = yield* HttpServerRequest.HttpServerRequest;
    const coding = codingFor(request.headers["accept-encoding"]);
    const tag = Option.match(coding, { onNone: () => `"${etag}"`, onSome: (name) => `"${etag}-${name}"` });
    const about = { "cache-control": "private, no-cache", vary: "Accept-Encoding", etag: tag, ...headers };
    if (matches(request.headers["if-none-match"], tag)) {
      return HttpServerResponse.empty({ status: 304, headers: about });
    }
    return Option.isNone(coding)
      ? HttpServerResponse.uint8Array(bytes, { contentType, headers: about })
      : HttpServerResponse.uint8Array(yield* as(coding.value), {
          contentType,
          headers: { ...about, "content-encoding": coding.value },
        });
  });
