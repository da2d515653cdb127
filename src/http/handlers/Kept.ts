import { createHash } from "node:crypto";
import { type HttpServerRequest, HttpServerResponse } from "@effect/platform";
import { Cache, Data, Duration, Effect } from "effect";

/** No figure is older than this when it is shown. */
export const KEPT_FOR = Duration.seconds(5);
/** The longest answer, five years by day of every action, has about 120 kB. */
const KEPT = 100;

interface Body {
  readonly bytes: Uint8Array;
  readonly tag: string;
}

const bodyOf = (json: string): Body => {
  const bytes = new TextEncoder().encode(json);
  return { bytes, tag: `"${createHash("sha1").update(bytes).digest("base64url")}"` };
};

/** Whether `If-None-Match` names the tag; proxies may have marked it as weak. */
const names = (header: string | undefined, tag: string): boolean =>
  header?.split(",").some((one) => one.trim().replace(/^W\//, "") === tag) === true;

/**
 * Answers that cost something to make, as bytes, for five seconds: made once for all who ask meanwhile. Whoever has the
 * same already is told so (304). The key is everything that the answer depends on, the guild first of all.
 */
export const kept = <K extends Readonly<Record<string, unknown>>>(make: (key: K) => Effect.Effect<string>) =>
  Effect.map(
    Cache.make({
      capacity: KEPT,
      timeToLive: KEPT_FOR,
      // Others may wait for it when whoever asked first has gone.
      lookup: (key: K) => Effect.uninterruptible(Effect.map(make(key), bodyOf)),
    }),
    (cache) =>
      (
        request: HttpServerRequest.HttpServerRequest,
        key: K,
      ): Effect.Effect<HttpServerResponse.HttpServerResponse> =>
        Effect.map(cache.get(Data.struct(key)), ({ bytes, tag }) => {
          const headers = { etag: tag, "cache-control": "private, no-cache" };
          return names(request.headers["if-none-match"], tag)
            ? HttpServerResponse.empty({ status: 304, headers })
            : HttpServerResponse.uint8Array(bytes, { contentType: "application/json", headers });
        }),
  );
