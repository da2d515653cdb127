import { createHash } from "node:crypto";
import { type HttpServerRequest, HttpServerResponse } from "@effect/platform";
import { Cache, Data, Duration, Effect } from "effect";
import type { GuildId } from "../../domain/Ids.js";

/** No figure is older than this when it is shown. */
export const KEPT_FOR = Duration.seconds(5);
/** What nobody has asked for so long is forgotten; until then it is right as long as nothing has happened. */
const REMEMBERED_FOR = Duration.minutes(10);
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

interface Of {
  readonly guildId: GuildId;
}

/** Reads a guild's version once in five seconds. */
export const versions = (versionOf: (guildId: GuildId) => Effect.Effect<string>) =>
  Cache.make({ capacity: KEPT, timeToLive: KEPT_FOR, lookup: versionOf });

/**
 * Answers that cost something to make, as bytes: made once for all who ask, and again when the guild has another version;
 * that is looked at every five seconds. Whoever has the same already is told so (304). The key is everything else that the
 * answer depends on.
 */
export const kept = <K extends Of & Readonly<Record<string, unknown>>>(
  current: Cache.Cache<GuildId, string>,
  make: (key: K) => Effect.Effect<string>,
) =>
  Effect.map(
    Cache.make({
      capacity: KEPT,
      timeToLive: REMEMBERED_FOR,
      // Others may wait for it when whoever asked first has gone.
      lookup: ({ key }: { readonly key: K; readonly version: string }) =>
        Effect.uninterruptible(Effect.map(make(key), bodyOf)),
    }),
    (cache) =>
      (
        request: HttpServerRequest.HttpServerRequest,
        key: K,
      ): Effect.Effect<HttpServerResponse.HttpServerResponse> =>
        current.get(key.guildId).pipe(
          Effect.flatMap((version) => cache.get(Data.struct({ key: Data.struct(key), version }))),
          Effect.map(({ bytes, tag }) => {
            const headers = { etag: tag, "cache-control": "private, no-cache" };
            return names(request.headers["if-none-match"], tag)
              ? HttpServerResponse.empty({ status: 304, headers })
              : HttpServerResponse.uint8Array(bytes, { contentType: "application/json", headers });
          }),
        ),
  );
