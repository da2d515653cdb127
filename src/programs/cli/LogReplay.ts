import { Console, Effect, Layer, Option, Schema } from "effect";
import { ActionId, GuildId } from "../../domain/Ids.js";
import * as Config from "../../layers/Config.js";
import * as Database from "../../layers/Database.js";
import * as FallbackFile from "../../layers/FallbackFile.js";
import * as Replay from "../../services/LogReplay.js";
import { readArguments } from "./Arguments.js";
import { CliFailed } from "./CliFailed.js";

const USAGE =
  "Usage: --since DATE or a row's id (2026-01-31, 2026-01-31T18:00Z, 01K…) [--guild ID] [--dry-run to only count]";

const onDatabase = Layer.provide(
  Layer.provide(Replay.layerAlone, Layer.merge(Database.layerBeside, FallbackFile.layer)),
  Config.layer,
);
const provided = Layer.merge(onDatabase, Config.layer);

const rows = (count: number): string => `${count} ${count === 1 ? "entry" : "entries"}`;
const NEXT = "A running bot posts them within seconds; otherwise its next start does.";

/** Puts what waits in the fallback file back to work. */
export const importFallback = (args: ReadonlyArray<string>) =>
  Effect.gen(function* () {
    yield* readArguments(args, {}, "This takes no options.");
    const replay = yield* Replay.LogReplay;
    const { queued, waiting, posted, unknown, unreadable } = yield* replay.importFile;
    yield* Console.log(
      `${rows(queued)} put back to work, ${waiting} waiting already, ${posted} posted before.`,
    );
    if (unknown > 0) yield* Console.log(`${rows(unknown)} this database does not know: left in the file.`);
    if (unreadable > 0) yield* Console.log(`${unreadable} lines were cut short by a crash: skipped.`);
    if (queued > 0) yield* Console.log(NEXT);
  }).pipe(
    Effect.provide(provided),
    Effect.tapError((error) => Console.error(error.message)),
  );

/** The id from which rows are meant. */
export const startOf = (since: string): Option.Option<string> => {
  if (Schema.is(ActionId)(since)) return Option.some(since);
  const millis = /^\d{4}-\d{2}-\d{2}/.test(since) ? Date.parse(since) : Number.NaN;
  return millis >= 0 ? Option.some(Replay.idAt(millis)) : Option.none();
};

/** Posts rows of the log again. */
export const replayLogs = (args: ReadonlyArray<string>) =>
  Effect.gen(function* () {
    const options = {
      since: { type: "string" },
      guild: { type: "string" },
      "dry-run": { type: "boolean" },
    } as const;
    const { since, guild, "dry-run": dryRun = false } = yield* readArguments(args, options, USAGE);
    const from = startOf(since ?? "");
    if (Option.isNone(from)) return yield* new CliFailed({ message: USAGE });
    const guildId =
      guild === undefined
        ? null
        : yield* Effect.mapError(
            Schema.decodeUnknown(GuildId)(guild),
            () => new CliFailed({ message: `--guild wants the id of a server, 17 to 20 digits.\n${USAGE}` }),
          );
    const replay = yield* Replay.LogReplay;
    const { queued, waiting, nowhere } = yield* replay.replay(from.value, guildId, dryRun);
    yield* Console.log(`${rows(queued)} ${dryRun ? "would be" : "will be"} posted again.`);
    if (waiting > 0) yield* Console.log(`${rows(waiting)} left out: not posted yet, and waiting for that.`);
    if (nowhere > 0) yield* Console.log(`${rows(nowhere)} left out: their server has no logging channel.`);
    if (!dryRun && queued > 0) yield* Console.log(NEXT);
  }).pipe(
    Effect.provide(provided),
    Effect.tapError((error) => Console.error(error.message)),
  );
