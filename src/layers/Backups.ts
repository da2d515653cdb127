import { readdirSync, rmSync } from "node:fs";
import { basename, dirname, isAbsolute, join, resolve } from "node:path";
import { Clock, Context, Effect, Layer, type Option } from "effect";
import {
  type Backup,
  BackupFailed,
  type BackupReason,
  type BackupRefused,
  type Contents,
  type Rehearsal,
  type Restored,
} from "../domain/Backup.js";
import { AppConfig } from "./Config.js";
import * as Database from "./Database.js";
import * as BackupFile from "./database/BackupFile.js";
import * as CopyJob from "./database/CopyJob.js";
import * as Restore from "./database/Restore.js";

type Trouble = BackupFailed | BackupRefused;

/** The files of the database and of its backups. The slow work is done by a process of its own. */
export class BackupStore extends Context.Tag("app/BackupStore")<
  BackupStore,
  {
    /** Copies the database as it is now, and checks the copy. A failure leaves nothing but what was there. */
    readonly write: (reason: BackupReason) => Effect.Effect<BackupFile.Written, BackupFailed>;
    /** Newest first. */
    readonly list: Effect.Effect<ReadonlyArray<Backup>, BackupFailed>;
    readonly remove: (backup: Backup) => Effect.Effect<void, BackupFailed>;
    /** A backup by its name, or any file by its path. */
    readonly locate: (nameOrPath: string) => string;
    /** Reads all of it: damaged, foreign and newer files are refused. */
    readonly verify: (path: string) => Effect.Effect<Contents, Trouble>;
    /** Verifies, and migrates a copy that is thrown away. */
    readonly rehearse: (path: string) => Effect.Effect<Rehearsal, Trouble>;
    /**
     * Rehearses, and has the copy take the database's place at the next start, or at `finishRestore`. The database of
     * now is kept beside it.
     */
    readonly stage: (path: string, by: string | null) => Effect.Effect<Restored, Trouble>;
    /** Does now what the next start would do; fails while the bot runs. */
    readonly finishRestore: Effect.Effect<void, Database.DatabaseUnavailable>;
    /** What was put in place since `told` was last called. */
    readonly news: Effect.Effect<Option.Option<Restored>>;
    readonly told: Effect.Effect<void>;
    /** Reads the whole database while it is in use. @returns what is wrong with it. */
    readonly check: Effect.Effect<ReadonlyArray<string>, BackupFailed>;
  }
>() {}

/** The copy and what belongs to it are gone in the end, whatever came of it. */
const scratch = (path: string) =>
  Effect.acquireRelease(Effect.succeed(path), () =>
    Effect.sync(() => {
      const own = basename(path);
      for (const file of readdirSync(dirname(path))) {
        if (file.startsWith(own)) rmSync(join(dirname(path), file), { force: true });
      }
    }),
  );

const make = Effect.gen(function* () {
  const { databasePath, backupsDir } = yield* AppConfig;

  const rehearseAt = (path: string, copy: string) =>
    Effect.gen(function* () {
      const contents = yield* BackupFile.copyOf(path, copy);
      const pending = yield* Effect.mapError(
        Database.migrateCopy(copy),
        ({ problem }) => new BackupFailed({ problem: `${path} cannot be brought up to date: ${problem}` }),
      );
      return { contents, pending };
    });

  return BackupStore.of({
    write: (reason) => BackupFile.write(databasePath, backupsDir, reason),
    list: BackupFile.list(backupsDir),
    remove: BackupFile.remove,
    locate: (nameOrPath) =>
      isAbsolute(nameOrPath) || basename(nameOrPath) !== nameOrPath
        ? resolve(nameOrPath)
        : join(resolve(backupsDir), nameOrPath),
    verify: BackupFile.verify,
    rehearse: (path) =>
      Effect.scoped(
        Effect.flatMap(scratch(`${Restore.stagingPath(databasePath)}-rehearsal`), (copy) =>
          rehearseAt(path, copy),
        ),
      ),
    stage: (path, by) =>
      Effect.gen(function* () {
        const at = yield* Clock.currentTimeMillis;
        const copy = yield* scratch(Restore.stagingPath(databasePath));
        yield* rehearseAt(path, copy);
        const restored: Restored = {
          id: `${at}-${process.pid}`,
          backup: basename(path),
          at,
          by,
          kept: Restore.keptPath(databasePath, at),
        };
        yield* Effect.try({
          try: () => {
            Restore.commit(databasePath, restored);
          },
          catch: () =>
            new BackupFailed({
              problem: "The restore could not be prepared. Check the disk and the folder of the database.",
            }),
        });
        return restored;
      }).pipe(Effect.scoped),
    finishRestore: Database.finishRestore(databasePath),
    news: Effect.sync(() => Restore.news(databasePath)),
    told: Effect.sync(() => {
      Restore.forget(databasePath);
    }),
    check: Effect.flatMap(CopyJob.run({ _tag: "Check", path: databasePath }), (answer) =>
      answer._tag === "Checked"
        ? Effect.succeed(answer.problems)
        : new BackupFailed({
            problem: `The database could not be read: ${answer._tag === "Failed" ? answer.message : answer._tag}.`,
          }),
    ),
  });
});

export const layer = Layer.effect(BackupStore, make);
