import { Cache, Data, Duration, Effect } from "effect";
import type { GuildId } from "../../domain/Ids.js";
import { encode, send } from "../encoded.js";

/** No figure is older than this when it is shown. */
export const KEPT_FOR = Duration.seconds(5);
/** What nobody has asked for so long is forgotten; until then it is right as long as nothing has happened. */
const REMEMBERED_FOR = Duration.minutes(10);
/** The longest answer, five years by day of every action, has about 120 kB. */
const KEPT = 100;

interface Of {
  readonly guildId: GuildId;
}

/** Reads a guild's version once in five seconds. */
export const versions = (versionOf: (guildId: GuildId) => Effect.Effect<string>) =>
  Cache.make({ capacity: KEPT, timeToLive: KEPT_FOR, lookup: versionOf });

/**
 * Answers that cost something to make: made once for all who ask, and again when the guild has another version; that is
 * looked at every five seconds. The key is everything else that the answer depends on.
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
        Effect.uninterruptible(Effect.flatMap(make(key), (json) => encode(json))),
    }),
    (cache) => (key: K) =>
      current.get(key.guildId).pipe(
        Effect.flatMap((version) => cache.get(Data.struct({ key: Data.struct(key), version }))),
        Effect.flatMap((encoded) => send(encoded)),
      ),
  );
