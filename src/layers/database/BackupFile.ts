import { existsSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { Clock, Effect, Exit } from "effect";
import {
  type Backup,
  BackupFailed,
  type BackupReason,
  BackupRefused,
  type Contents,
  isBackupName,
  nameAt,
} from "../../domain/Backup.js";
import * as Disk from "../Disk.js";
import { inOneFile, syncFolder } from "./Copy.js";
import * as CopyJob from "./CopyJob.js";
import * as Folder from "./Folder.js";

const mb = (bytes: number): string => `${Math.ceil(bytes / 1_048_576)} MB`;

/** Words for what the system or SQLite says while a file is read or written. */
const troubleWith = (what: string, code: string, message: string): BackupFailed => {
  const words = `${code} ${message}`;
  const why = /ENOSPC|SQLITE_FULL|disk is full|EFBIG|EDQUOT/i.test(words)
    ? "the disk is full. Make room and try again"
    : /EACCES|EPERM|EROFS|READONLY/i.test(words)
      ? "it may not be written. Check the folder and its permissions"
      : /ENOENT|CANTOPEN/i.test(words)
        ? "it is not there. Check the path"
        : message;
  return new BackupFailed({ problem: `${what}: ${why}.` });
};

const attempt = <A>(what: string, act: () => A): Effect.Effect<A, BackupFailed> =>
  Effect.try({
    try: act,
    catch: (cause) =>
      troubleWith(
        what,
        cause instanceof Error && "code" in cause && typeof cause.code === "string" ? cause.code : "",
        cause instanceof Error ? cause.message : "unknown",
      ),
  });

/** Every backup of a folder, newest first. A folder that is not there holds none. */
export const list = (folder: string): Effect.Effect<ReadonlyArray<Backup>, BackupFailed> =>
  attempt(`The backups in ${folder} cannot be listed`, () =>
    (existsSync(folder) ? readdirSync(folder) : [])
      .filter(isBackupName)
      .sort()
      .reverse()
      .map((name) => {
        const path = join(resolve(folder), name);
        return { name, path, bytes: statSync(path).size };
      }),
  );

export const remove = ({ name, path }: Backup): Effect.Effect<void, BackupFailed> =>
  attempt(`The old backup ${name} cannot be removed`, () => {
    rmSync(path);
  });

/** Has a file read from end to end; `answer` is what the process that did it says. */
const examined =
  (path: string) =>
  (answer: CopyJob.Answer): Effect.Effect<Contents, BackupFailed | BackupRefused> => {
    switch (answer._tag) {
      case "Sound":
        return Effect.succeed(answer.contents);
      case "Unsound":
        return new BackupRefused({ file: path, problem: answer.problem });
      case "Checked":
        return Effect.dieMessage("A file that is no database in use is verified, not checked");
      case "Failed":
        return /NOTADB|CORRUPT/.test(answer.code)
          ? new BackupRefused({ file: path, problem: "it is damaged, or not a database" })
          : troubleWith(`${path} cannot be read`, answer.code, answer.message);
    }
  };

/** Reads a whole file and says what it holds. */
export const verify = (path: string): Effect.Effect<Contents, BackupFailed | BackupRefused> =>
  Effect.flatMap(CopyJob.run({ _tag: "Verify", path }), examined(path));

/** No part of a copy that was not finished is left. */
const orNothing =
  (to: string) =>
  <A, E>(copying: Effect.Effect<A, E>): Effect.Effect<A, E> =>
    Effect.onExit(copying, (exit) =>
      Exit.isSuccess(exit)
        ? Effect.void
        : Effect.sync(() => {
            for (const end of ["", "-journal", "-wal", "-shm"]) rmSync(`${to}${end}`, { force: true });
          }),
    );

/** Verifies a backup and copies it to a file that was not there. A failure leaves nothing. */
export const copyOf = (path: string, to: string): Effect.Effect<Contents, BackupFailed | BackupRefused> =>
  CopyJob.run({ _tag: "Copy", from: path, to, backup: true }).pipe(
    Effect.flatMap(examined(path)),
    orNothing(to),
  );

/** Copies the database, in use or not, to a file that was not there, checked and on the disk. A failure leaves nothing. */
const copyOfDatabase = (from: string, to: string): Effect.Effect<Contents, BackupFailed> =>
  CopyJob.run({ _tag: "Copy", from: resolve(from), to, backup: false }).pipe(
    Effect.flatMap((answer): Effect.Effect<Contents, BackupFailed> => {
      switch (answer._tag) {
        case "Sound":
          return Effect.succeed(answer.contents);
        case "Failed":
          return troubleWith(`The copy ${to} was not made`, answer.code, answer.message);
        case "Unsound":
          return new BackupFailed({
            problem: `The copy ${to} was made and is not sound: ${answer.problem}. Check the database with /database check.`,
          });
        case "Checked":
          return Effect.dieMessage("A copy does not answer like a check");
      }
    }),
    orNothing(to),
  );

/** More than the database itself must be free: the bot goes on writing while it is copied. */
const SPARE = 1.1;

const ensureRoom = (from: string, folder: string) =>
  Effect.gen(function* () {
    if (!existsSync(from)) {
      return yield* new BackupFailed({
        problem: `No backup of ${from} was made: it is not there. Check the path.`,
      });
    }
    const needed = ((yield* Disk.sizeOf(from)) + (yield* Disk.sizeOf(`${from}-wal`))) * SPARE;
    const free = yield* Disk.freeAt(folder);
    if (free !== null && free < needed) {
      return yield* new BackupFailed({
        problem: `No backup was made: it needs ${mb(needed)} and ${folder} has ${mb(free)} left. Make room and try again.`,
      });
    }
  });

export interface Written extends Backup {
  readonly contents: Contents;
}

const ABANDONED_MS = 86_400_000;
const PARTIAL = /^\.pawtropolis-.*\.partial(-journal|-wal|-shm)?$/;

/** What a process that was killed in the middle of a backup left. */
const tidy = (folder: string, now: number) =>
  attempt(`${folder} cannot be tidied up`, () => {
    for (const file of readdirSync(folder)) {
      const path = join(folder, file);
      if (PARTIAL.test(file) && now - statSync(path).mtimeMs > ABANDONED_MS) rmSync(path, { force: true });
    }
  });

/** Has a backup made under another name first, and gives it its own once it is whole and on the disk. */
const inFolder = <A>(
  folder: string,
  reason: BackupReason,
  make: (partial: string) => Effect.Effect<A, BackupFailed>,
) =>
  Effect.gen(function* () {
    const now = yield* Clock.currentTimeMillis;
    yield* Effect.mapError(
      Folder.prepare(join(folder, "a backup")),
      ({ problem }) => new BackupFailed({ problem: `No backup was made in ${folder}: ${problem}` }),
    );
    yield* tidy(folder, now);
    const taken = new Set<string>((yield* list(folder)).map(({ name }) => name));
    let count = 0;
    while (taken.has(nameAt(now, reason, count))) count += 1;
    const name = nameAt(now, reason, count);
    const path = join(resolve(folder), name);
    const partial = join(resolve(folder), `.${name}.${process.pid}.partial`);
    const made = yield* make(partial);
    yield* attempt(`The backup ${path} was not made`, () => {
      renameSync(partial, path);
      syncFolder(path);
    });
    return { name, path, made };
  });

/** Backs up a database, in use or not; checked before it is named. */
export const write = (
  from: string,
  folder: string,
  reason: BackupReason,
): Effect.Effect<Written, BackupFailed> =>
  inFolder(folder, reason, (partial) =>
    Effect.zipRight(ensureRoom(from, folder), copyOfDatabase(from, partial)),
  ).pipe(Effect.map(({ name, path, made: contents }) => ({ name, path, bytes: contents.bytes, contents })));

/** Keeps what a connection can still read although its file is gone. @returns where. */
export const rescue = <E extends Error>(
  backUp: (to: string) => Effect.Effect<unknown, E>,
  folder: string,
): Effect.Effect<string, BackupFailed> =>
  inFolder(folder, "rescued", (partial) =>
    backUp(partial).pipe(
      Effect.mapError((error) =>
        troubleWith(`Nothing was rescued to ${folder}`, "", `${error.message} ${String(error.cause)}`),
      ),
      Effect.zipRight(
        attempt(`Nothing was rescued to ${folder}`, () => {
          inOneFile(partial);
        }),
      ),
      orNothing(partial),
    ),
  ).pipe(Effect.map(({ path }) => path));
