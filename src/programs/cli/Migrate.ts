import { Console, Effect, Option } from "effect";
import * as Config from "../../layers/Config.js";
import * as Database from "../../layers/Database.js";
import { CliFailed } from "./CliFailed.js";

const dryRun = Effect.gen(function* () {
  const { databasePath } = yield* Config.AppConfig;
  const { fresh, level, pending } = yield* Database.plan(databasePath);
  if (pending.length === 0) {
    return yield* Console.log(`Nothing to do: ${databasePath} is up to date (${level}).`);
  }
  yield* Console.log(`${databasePath} ${fresh ? "would be made with" : "would be migrated by"}:`);
  yield* Effect.forEach(pending, (name) => Console.log(`  ${name}`), { discard: true });
  yield* Console.log("This was a dry run: nothing was changed.");
});

const migrate = Effect.gen(function* () {
  const { databasePath, backupsDir } = yield* Config.AppConfig;
  const { applied, level, backup, usedBy } = yield* Database.migrate(databasePath, backupsDir);
  if (applied.length === 0) {
    return yield* Console.log(`Nothing to do: ${databasePath} is up to date (${level}).`);
  }
  if (Option.isSome(backup)) yield* Console.log(`Backed up to ${backup.value}.`);
  yield* Console.log(`Migrated ${databasePath}: ${applied.join(", ")}.`);
  if (Option.isSome(usedBy)) {
    yield* Console.log(`The bot is running (${usedBy.value}). Restart it now, so that it knows what is new.`);
  }
});

/** Brings the database of `DB_PATH` up to date; with `--dry-run` only says what that would take. */
export const program = (args: ReadonlyArray<string>) =>
  Effect.gen(function* () {
    if (args.length === 0) return yield* migrate;
    if (args.join() === "--dry-run") return yield* dryRun;
    return yield* new CliFailed({ message: "Use --dry-run to see what would be done, or nothing to do it." });
  }).pipe(
    Effect.provide(Config.layer),
    Effect.tapError((error) => Console.error(error.message)),
  );
