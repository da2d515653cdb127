import { Schema } from "effect";

/** The database cannot be used; `problem` says why and what to do, in one line. */
export class DatabaseUnavailable extends Schema.TaggedError<DatabaseUnavailable>()("DatabaseUnavailable", {
  path: Schema.String,
  problem: Schema.String,
  cause: Schema.optional(Schema.Defect),
}) {
  override get message() {
    return `Cannot use the database ${this.path}: ${this.problem}`;
  }
}

/** What an error and whatever caused it say, their codes included. */
const wordsOf = (cause: unknown): string => {
  if (!(cause instanceof Error)) return "";
  const code = "code" in cause && typeof cause.code === "string" ? cause.code : "";
  return `${code} ${cause.message} ${wordsOf(cause.cause)}`;
};

/** First come, first served: what SQLite or the system says, and what an operator does about it. */
const REMEDIES: ReadonlyArray<readonly [RegExp, string]> = [
  [
    /not a database|malformed|SQLITE_CORRUPT|SQLITE_NOTADB/i,
    "the file is damaged or is not a SQLite database. Restore a backup (npm run recover -- --list), or point DB_PATH elsewhere.",
  ],
  // The last one: no room for the file that readers and writers share.
  [
    /ENOSPC|disk is full|SQLITE_FULL|SQLITE_IOERR_SHMSIZE/i,
    "the disk is full. Make room and start again; nothing was changed.",
  ],
  [
    /locked|busy/i,
    "another process holds it. Stop whatever else has it open (a sqlite3 shell, a copy job) and start again.",
  ],
  [
    /readonly|EROFS/i,
    "it may only be read. Check that the file, its folder and the disk may be written by the user that runs the bot.",
  ],
  [
    /unable to open|EACCES|ENOTDIR|EEXIST|EISDIR|EPERM|ENOENT/i,
    "it cannot be opened or written. Check the folder and its permissions.",
  ],
  [/disk I\/O error|EIO/i, "the disk does not answer as it should. Check the disk, and the system's log."],
];

/** The one place where an error of SQLite or the file system gets its words. */
export const unavailable = (path: string, cause: unknown): DatabaseUnavailable => {
  if (cause instanceof DatabaseUnavailable) return cause;
  const words = wordsOf(cause);
  const problem =
    REMEDIES.find(([pattern]) => pattern.test(words))?.[1] ??
    "it could not be opened or migrated; nothing was changed. See the cause.";
  return new DatabaseUnavailable({ path, problem, cause });
};

/** Whether a statement failed because nothing can be written at the moment: the disk is full, broken, or read-only. */
export const cannotBeWritten = (cause: unknown): boolean =>
  /SQLITE_FULL|SQLITE_READONLY|SQLITE_IOERR_(?!READ|SHORT_READ)/.test(wordsOf(cause));
