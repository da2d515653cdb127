import { Console, Effect, Layer } from "effect";
import * as Backups from "../../layers/Backups.js";
import * as Config from "../../layers/Config.js";
import { CliFailed } from "./CliFailed.js";

/** Backs up the database of `DB_PATH`, whether the bot runs or not, and checks the copy. */
export const program = (args: ReadonlyArray<string>) =>
  Effect.gen(function* () {
    if (args.length > 0) return yield* new CliFailed({ message: "backup takes no options." });
    const store = yield* Backups.BackupStore;
    const { path, bytes, contents } = yield* store.write("manual");
    const rows = Object.values(contents.rows).reduce((sum, count) => sum + count, 0);
    yield* Console.log(
      `Backed up to ${path}: ${rows} rows in ${bytes} bytes (${contents.migration ?? "no migration"}), read back and sound.`,
    );
  }).pipe(
    Effect.provide(Layer.provideMerge(Backups.layer, Config.layer)),
    Effect.tapError((error) => Console.error(error.message)),
  );
