import { Clock, Context, Effect, Layer, Option, Schema } from "effect";
import type { Action } from "../domain/Action.js";
import type { ChosenChannelHealth } from "../domain/ChosenChannel.js";
import { type ChannelId, type GuildId, Millis, SideEffectId } from "../domain/Ids.js";
import { Discord } from "../layers/Discord.js";
import { FallbackFile, type FallbackFileFailed } from "../layers/FallbackFile.js";
import { LogChannel } from "./LogChannel.js";
import { Outbox } from "./Outbox.js";
import { SettingsRepo } from "./repos/SettingsRepo.js";
import { SideEffectRepo } from "./repos/SideEffectRepo.js";

/** What can be done with an entry of a guild's log at this moment. */
export type LogTarget =
  | { readonly _tag: "Post"; readonly channelId: ChannelId }
  | { readonly _tag: "Park"; readonly reason: string }
  /** Nothing can be known during an outage of Discord. */
  | { readonly _tag: "Wait"; readonly reason: string };

export interface Parked {
  readonly effectId: SideEffectId;
  readonly action: Action;
}

/** How a guild's log is doing. */
export interface LogState {
  readonly guildId: GuildId;
  /** Why entries cannot be posted, and what to do; null where all is well. */
  readonly problem: string | null;
  /** Whether a channel is set. */
  readonly chosen: boolean;
  /** How many entries wait in the file. */
  readonly parked: number;
}

/**
 * Entries of the log that cannot be posted wait in a file beside the database, and go out in order when the channel
 * works again (features.md F9). The outbox decides what is posted; the file is what an operator can read, and a line of
 * it means nothing without its row.
 */
export class LogFallback extends Context.Tag("app/LogFallback")<
  LogFallback,
  {
    /** Where an entry can go now. While older ones wait in the file, a newer one does not overtake them. */
    readonly target: (guildId: GuildId) => Effect.Effect<LogTarget>;
    /** Discord refused although all looked well: entries go to the file for some minutes, or until another channel is set. */
    readonly refused: (guildId: GuildId, channelId: ChannelId) => Effect.Effect<void>;
    /** Writes entries to the file; on the disk when it succeeds. Their rows are to be settled as parked after it. */
    readonly write: (entries: ReadonlyArray<Parked>, why: string) => Effect.Effect<void, FallbackFileFailed>;
    /** An entry was settled as parked. */
    readonly parked: (guildId: GuildId) => Effect.Effect<void>;
    /** An entry was settled as posted: Discord takes them, and its line may have to leave the file. */
    readonly posted: (guildId: GuildId) => Effect.Effect<void>;
    /** Puts the entries of a guild back to work, oldest first, if they can be posted now. @returns how many. */
    readonly takeBack: (guildId: GuildId) => Effect.Effect<number>;
    /** Puts back to work what can be posted now in any guild, and takes lines out of the file whose entries were posted. */
    readonly tend: Effect.Effect<void, FallbackFileFailed>;
    /** How the log of one guild is doing. During an outage of Discord nothing is said of its channel. */
    readonly stateOf: (guildId: GuildId) => Effect.Effect<LogState>;
    /** How the log of every guild is doing; those are missing of which Discord shows nothing. */
    readonly states: Effect.Effect<ReadonlyArray<LogState>>;
    /** How many entries of each guild wait in the file. */
    readonly counts: Effect.Effect<ReadonlyArray<{ readonly guildId: GuildId; readonly count: number }>>;
  }
>() {}

/** A line of the file: the row's place in the outbox, and the whole row for whoever reads it. */
const Line = Schema.parseJson(Schema.Struct({ effect: SideEffectId }));
const decodeLine = Schema.decodeUnknownOption(Line);

/** The row of the outbox that a line stands for; none where a crash cut the line short. */
export const effectOf = (line: string): Option.Option<SideEffectId> =>
  Option.map(decodeLine(line), ({ effect }) => effect);

/** How long Discord is believed when it refuses what should be allowed. */
const REFUSAL_MILLIS = 5 * 60_000;

const RIGHT_WORDS = {
  ViewChannel: "View Channel",
  SendMessages: "Send Messages",
  EmbedLinks: "Embed Links",
} as const;

/** Why entries cannot be posted, and what to do. */
export const problemOf = (health: ChosenChannelHealth): string | null => {
  const { exists, inGuild, isText, rights, usable, channelId } = health;
  if (usable) return null;
  if (!exists) return `The logging channel ${channelId} does not exist any more. Set another one.`;
  if (!inGuild) return `The logging channel ${channelId} is in another server. Set one of this server.`;
  const lacking = [
    ...(rights.ViewChannel ? [] : [RIGHT_WORDS.ViewChannel]),
    ...(rights.SendMessages ? [] : [RIGHT_WORDS.SendMessages]),
    ...(rights.EmbedLinks ? [] : [RIGHT_WORDS.EmbedLinks]),
  ];
  return isText
    ? `The bot lacks ${lacking.join(", ")} in the logging channel ${channelId}. Grant it there.`
    : `The logging channel ${channelId} takes no messages. Set a text channel.`;
};

const make = Effect.gen(function* () {
  const channels = yield* LogChannel;
  const discord = yield* Discord;
  const file = yield* FallbackFile;
  const outbox = yield* Outbox;
  const repo = yield* SideEffectRepo;
  const settings = yield* SettingsRepo;
  /** Guilds that may have parked entries: only this process parks, so that one that is missing here has none. */
  const guilds = new Set((yield* repo.countParked).map(({ guildId }) => guildId));
  const refusals = new Map<GuildId, { readonly channelId: ChannelId; readonly until: number }>();
  /** Whether lines of the file may have become needless; an earlier process may have left some. */
  let stale = true;

  const reach = (guildId: GuildId): Effect.Effect<LogTarget> =>
    Effect.gen(function* () {
      const health = Option.getOrNull(yield* channels.health(guildId));
      if (health === null) return { _tag: "Park", reason: "No logging channel is set any more." };
      if (health.outage) return { _tag: "Wait", reason: "Discord does not show this server at the moment." };
      const reason = problemOf(health);
      if (reason !== null) return { _tag: "Park", reason };
      const refusal = refusals.get(guildId);
      const now = yield* Clock.currentTimeMillis;
      return refusal?.channelId === health.channelId && now < refusal.until
        ? { _tag: "Park", reason: "Discord refused a moment ago." }
        : { _tag: "Post", channelId: health.channelId };
    });

  const problemNow = (
    guildId: GuildId,
    health: ChosenChannelHealth | null,
    parked: number,
  ): string | null => {
    if (health === null)
      return parked > 0 ? "No logging channel is set, and entries wait for one. Set one." : null;
    return (
      problemOf(health) ??
      // Believed until something was posted: trying again says nothing yet.
      (refusals.get(guildId)?.channelId === health.channelId
        ? `Discord refuses messages in the logging channel ${health.channelId}. Check the bot's rights there, or set another one.`
        : null)
    );
  };

  const takeBack = (guildId: GuildId): Effect.Effect<number> =>
    Effect.gen(function* () {
      if (!guilds.has(guildId) || (yield* reach(guildId))._tag !== "Post") return 0;
      const now = Millis.make(yield* Clock.currentTimeMillis);
      // Before the rows, so that one that is parked meanwhile puts its guild in again.
      guilds.delete(guildId);
      const count = yield* Effect.onError(repo.takeBack(guildId, now), () =>
        Effect.sync(() => guilds.add(guildId)),
      );
      if (count > 0) {
        yield* Effect.logInfo("The log can be posted again; what waited in the fallback file goes out", {
          guild: guildId,
          entries: count,
        });
      }
      return count;
    });

  const stateOf = (guildId: GuildId, parked: number): Effect.Effect<LogState> =>
    Effect.map(channels.health(guildId), (found) => {
      const health = Option.getOrNull(found);
      return {
        guildId,
        problem: health?.outage === true ? null : problemNow(guildId, health, parked),
        chosen: health !== null,
        parked,
      };
    });
  const waiting = Effect.map(
    repo.countParked,
    (counts) => new Map(counts.map(({ guildId, count }) => [guildId, count])),
  );

  /** Lines whose entries are still to be posted, each once. What this database does not know is not thrown away. */
  const keepUnposted = () => {
    const seen = new Set<SideEffectId>();
    return (lines: ReadonlyArray<string>) =>
      Effect.gen(function* () {
        const known = lines.flatMap((line) =>
          Option.match(effectOf(line), { onNone: () => [], onSome: (effect) => [{ line, effect }] }),
        );
        if (known.length === 0) return [];
        const posted = new Set(yield* repo.postedOf(known.map(({ effect }) => effect)));
        return known.flatMap(({ line, effect }) => {
          if (posted.has(effect) || seen.has(effect)) return [];
          seen.add(effect);
          return [line];
        });
      });
  };

  return LogFallback.of({
    target: (guildId) =>
      Effect.map(reach(guildId), (found) =>
        found._tag === "Post" && guilds.has(guildId)
          ? { _tag: "Park", reason: "Older entries go first." }
          : found,
      ),
    parked: (guildId) => Effect.sync(() => void guilds.add(guildId)),
    refused: (guildId, channelId) =>
      Effect.map(Clock.currentTimeMillis, (now) => {
        refusals.set(guildId, { channelId, until: now + REFUSAL_MILLIS });
      }),
    write: (entries, why) =>
      Effect.gen(function* () {
        const at = new Date(yield* Clock.currentTimeMillis).toISOString();
        yield* file.append(
          entries.map(({ effectId, action }) =>
            JSON.stringify({ effect: effectId, written: at, why, ...action }),
          ),
        );
      }),
    takeBack,
    posted: (guildId) =>
      Effect.sync(() => {
        refusals.delete(guildId);
        stale = true;
      }),
    tend: Effect.gen(function* () {
      for (const guildId of [...guilds]) {
        if ((yield* outbox.commit(takeBack(guildId))) > 0) yield* outbox.poke(`log:${guildId}`);
      }
      if (!stale || (yield* file.size) === 0) return;
      stale = false;
      yield* Effect.onError(file.rewrite(keepUnposted()), () =>
        Effect.sync(() => {
          stale = true;
        }),
      );
    }),
    stateOf: (guildId) => Effect.flatMap(waiting, (counts) => stateOf(guildId, counts.get(guildId) ?? 0)),
    states: Effect.gen(function* () {
      const counts = yield* waiting;
      const all = new Set([...counts.keys(), ...(yield* settings.all).map(({ guildId }) => guildId)]);
      const states: Array<LogState> = [];
      for (const guildId of all) {
        const guild = yield* discord.guild(guildId);
        if (guild?.available !== true) continue;
        states.push(yield* stateOf(guildId, counts.get(guildId) ?? 0));
      }
      return states;
    }),
    counts: repo.countParked,
  });
});

export const layer = Layer.effect(LogFallback, make);
