import { Clock, Context, Effect, Layer, Option } from "effect";
import { encodeTime } from "ulid";
import { type ActionId, type GuildId, SideEffectId } from "../domain/Ids.js";
import { type Consequence, laneOf } from "../domain/SideEffect.js";
import { AppConfig } from "../layers/Config.js";
import { FallbackFile, type FallbackFileFailed } from "../layers/FallbackFile.js";
import { freshId } from "./Identity.js";
import { chosenFor } from "./LogChannel.js";
import { effectOf } from "./LogFallback.js";
import * as Actions from "./repos/ActionRepo.js";
import * as SettingsOfGuilds from "./repos/SettingsRepo.js";
import * as SideEffects from "./repos/SideEffectRepo.js";

export interface Imported {
  /** Entries that are put back to work. */
  readonly queued: number;
  /** Entries that wait in the outbox already. */
  readonly waiting: number;
  /** Entries that were posted: the bot takes their lines out. */
  readonly posted: number;
  /** Lines whose entries this database does not know. */
  readonly unknown: number;
  /** Lines that a crash cut short. */
  readonly unreadable: number;
}

export interface Replayed {
  readonly queued: number;
  /** Rows whose first posting is still to come. */
  readonly waiting: number;
  /** Rows of servers without a logging channel. */
  readonly nowhere: number;
}

/**
 * Has entries of the log posted by hand. Only writes rows of the outbox, in small steps, so that it works beside a running
 * bot, which takes them up within a second; without one they wait for the next start.
 */
export class LogReplay extends Context.Tag("app/LogReplay")<
  LogReplay,
  {
    /** Puts what waits in the fallback file back to work. The file itself is left to the bot. */
    readonly importFile: Effect.Effect<Imported, FallbackFileFailed>;
    /**
     * Posts rows again, in order, from a row's id on (of every guild, or of one). Those that have not been posted yet are
     * left out. With `dryRun` it only counts.
     */
    readonly replay: (from: string, guildId: GuildId | null, dryRun: boolean) => Effect.Effect<Replayed>;
  }
>() {}

/** The first id that a row of this moment could have. */
export const idAt = (millis: number): string => encodeTime(millis, 10).padEnd(26, "0");

const ROWS_AT_ONCE = 100;

const make = Effect.gen(function* () {
  const config = yield* AppConfig;
  const file = yield* FallbackFile;
  const actions = yield* Actions.ActionRepo;
  const effects = yield* SideEffects.SideEffectRepo;
  const settings = yield* SettingsOfGuilds.SettingsRepo;

  const rowOf = (actionId: ActionId, guildId: GuildId) =>
    Effect.gen(function* () {
      const consequence: Consequence = { _tag: "LogPost", actionId };
      const now = yield* Clock.currentTimeMillis;
      return {
        id: yield* freshId(SideEffectId),
        guildId,
        applicationId: null,
        kind: consequence._tag,
        payload: JSON.stringify(consequence),
        lane: laneOf(guildId, consequence),
        blockedBy: 0,
        notBefore: now,
        at: now,
      };
    });

  return LogReplay.of({
    importFile: Effect.gen(function* () {
      const sums = { queued: 0, waiting: 0, posted: 0, unknown: 0, unreadable: 0 };
      const seen = new Set<SideEffectId>();
      yield* file.read((lines) =>
        Effect.gen(function* () {
          const found = lines.map(effectOf);
          sums.unreadable += found.filter(Option.isNone).length;
          const ids = [...new Set(found.filter(Option.isSome).map(({ value }) => value))].filter(
            (id) => !seen.has(id),
          );
          if (ids.length === 0) return;
          for (const id of ids) seen.add(id);
          const known = yield* effects.knownOf(ids);
          const queued = yield* effects.reopen(ids, yield* Clock.currentTimeMillis);
          const posted = yield* effects.postedOf(ids);
          sums.unknown += ids.length - known.length;
          sums.queued += queued;
          sums.posted += posted.length;
          sums.waiting += known.length - queued - posted.length;
        }),
      );
      return sums;
    }),
    replay: (from, guildId, dryRun) =>
      Effect.gen(function* () {
        const sums = { queued: 0, waiting: 0, nowhere: 0 };
        const unposted = new Set(yield* effects.unpostedActions);
        const somewhere = new Map<GuildId, boolean>();
        const hasChannel = (id: GuildId) =>
          Effect.gen(function* () {
            const known = somewhere.get(id) ?? Option.isSome(chosenFor(config, yield* settings.find(id)));
            somewhere.set(id, known);
            return known;
          });
        let after: string | null = null;
        for (;;) {
          const page: ReadonlyArray<{ readonly id: ActionId; readonly guildId: GuildId }> =
            yield* actions.since(from, after, guildId, ROWS_AT_ONCE);
          const rows: Array<SideEffects.NewSideEffect> = [];
          for (const { id, guildId: guild } of page) {
            if (unposted.has(id)) sums.waiting += 1;
            else if (!(yield* hasChannel(guild))) sums.nowhere += 1;
            else rows.push(yield* rowOf(id, guild));
          }
          sums.queued += rows.length;
          if (!dryRun) yield* effects.insert(rows, []);
          after = page.at(-1)?.id ?? null;
          if (page.length < ROWS_AT_ONCE) return sums;
        }
      }),
  });
});

/** For a program that needs nothing else of the database. */
export const layerAlone = Layer.effect(LogReplay, make).pipe(
  Layer.provide(Layer.mergeAll(Actions.layer, SettingsOfGuilds.layer, SideEffects.layer)),
);
