import { Effect, Option } from "effect";
import { Backups } from "../../services/Backups.js";
import * as Schedule from "../kit/Schedule.js";

/** Every night at three (UTC), or at the first chance after it. Not in the first minutes: a start has other things to do. */
const { name, loop } = Schedule.every(
  "nightly backup",
  "10 minutes",
  Effect.gen(function* () {
    const backups = yield* Backups;
    const backup = yield* backups.nightly;
    if (Option.isSome(backup)) {
      yield* Effect.logInfo("Backed up", { file: backup.value.path, bytes: backup.value.bytes });
    }
  }).pipe(Effect.catchTag("BackupFailed", (error) => Effect.logError("The nightly backup failed", error))),
);

export const nightlyBackup = { name, loop: Effect.zipRight(Effect.sleep("5 minutes"), loop) };
