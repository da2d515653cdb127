import { tmpdir } from "node:os";
import { dirname, resolve } from "node:path";
import * as SqliteClient from "@effect/sql-sqlite-node/SqliteClient";
import { Effect, Layer } from "effect";
import { AppConfig } from "./Config.js";
import * as BackupFile from "./database/BackupFile.js";
import * as Folder from "./database/Folder.js";
import { Lifecycle, LostForGood } from "./Lifecycle.js";

const INTERVAL = "5 seconds";
/** A file that is being put back is not gone. */
const SECOND_LOOK = "1 second";

/**
 * SQLite goes on with a file that was removed or replaced, and all of it would be lost with the process. Looks whether the
 * file that is open is still the one under its name; if not, nothing more is written, what the open file holds is copied
 * to where it can be found, and the process ends. Where no copy can be made it stays, since only it still has the data.
 */
export const layer = Layer.scopedDiscard(
  Effect.gen(function* () {
    const { databasePath, backupsDir } = yield* AppConfig;
    if (databasePath === ":memory:") return;
    const client = yield* SqliteClient.SqliteClient;
    const lifecycle = yield* Lifecycle;
    // The working directory may be gone by then, too.
    const path = Folder.realPath(databasePath);
    const folders = [resolve(backupsDir), dirname(path), tmpdir()];
    const opened = Folder.identityOf(path);

    /** What is there instead; undefined where it is the same, or cannot be told. */
    const changed = Effect.try(() => Folder.identityOf(path)).pipe(
      Effect.map((now) => (now === opened ? undefined : now === null ? "removed" : "replaced")),
      Effect.orElseSucceed(() => undefined),
    );

    const rescue = (what: "removed" | "replaced") =>
      Effect.gen(function* () {
        // From here on nothing is confirmed that the copy would not have.
        yield* client.unsafe("PRAGMA query_only = ON");
        const copy = yield* Effect.firstSuccessOf(
          folders.map((folder) => BackupFile.rescue(client.backup, folder)),
        );
        yield* lifecycle.fail(
          new LostForGood({
            problem:
              `The database ${path} was ${what} while the bot used it. What it held is in ${copy}. ` +
              `Put it back with npm run recover -- --restore ${copy}` +
              (what === "removed" ? "." : ", or start the bot to go on with the file that is there now."),
          }),
        );
      }).pipe(
        Effect.catchAll((error) =>
          Effect.logFatal(
            "The database file is gone, and what it held cannot be copied out. It lives only in this process: make room, do not stop it",
            error,
          ),
        ),
      );

    const look = Effect.gen(function* () {
      if ((yield* changed) === undefined) return;
      yield* Effect.sleep(SECOND_LOOK);
      const what = yield* changed;
      if (what !== undefined) yield* rescue(what);
    });
    yield* Effect.forkScoped(Effect.forever(Effect.zipRight(Effect.sleep(INTERVAL), look)));
  }),
);
