import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { Effect, Schema, type Scope } from "effect";
import Sqlite from "better-sqlite3";
import { type DatabaseUnavailable, unavailable } from "./DatabaseUnavailable.js";
import * as Folder from "./Folder.js";

/** Another process uses the database. `pid` is null where it cannot be told. */
export class InUse extends Schema.TaggedError<InUse>()("InUse", {
  pid: Schema.NullOr(Schema.Int),
}) {}

/** Whom to stop, as far as it is known. */
export const holderOf = ({ pid }: InUse): string => (pid === null ? "another process" : `process ${pid}`);

const isBusy = (error: unknown): boolean =>
  error instanceof Error && "code" in error && error.code === "SQLITE_BUSY";

const pidIn = (file: string): number | null => {
  try {
    const pid = Number(readFileSync(file, "utf8").trim());
    return Number.isSafeInteger(pid) && pid > 0 ? pid : null;
  } catch {
    return null;
  }
};

/**
 * Takes the database for this process, for as long as the scope lives. What holds is a lock of the operating system on
 * an empty file beside the database, taken through SQLite because Node has none of its own; it ends with the process,
 * however that ends (docs/decisions/0005-one-instance.md). The pid beside it is only there to be read by people.
 */
export const take = (path: string): Effect.Effect<void, InUse | DatabaseUnavailable, Scope.Scope> =>
  Effect.gen(function* () {
    const real = Folder.realPath(path);
    const pidFile = `${real}.pid`;
    yield* Effect.acquireRelease(
      Effect.try({
        try: () => {
          const lock = new Sqlite(`${real}.lock`, { timeout: 0 });
          try {
            lock.exec("BEGIN EXCLUSIVE");
          } catch (error) {
            lock.close();
            throw error;
          }
          return lock;
        },
        catch: (cause) => (isBusy(cause) ? new InUse({ pid: pidIn(pidFile) }) : unavailable(path, cause)),
      }),
      (lock) => Effect.sync(() => lock.close()),
    );
    yield* Effect.acquireRelease(
      Effect.try({
        try: () => {
          writeFileSync(pidFile, `${process.pid}\n`);
        },
        catch: (cause) => unavailable(path, cause),
      }),
      () =>
        Effect.sync(() => {
          rmSync(pidFile, { force: true });
        }),
    );
  });
