import {
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  fsyncSync,
  openSync,
  closeSync,
} from "node:fs";
import { Effect, Either, Option, Schema } from "effect";
import { Restored } from "../../domain/Backup.js";
import { syncFolder } from "./Copy.js";
import { DatabaseUnavailable, unavailable } from "./DatabaseUnavailable.js";
import * as Folder from "./Folder.js";

/*
 * How a backup takes the database's place: a checked and migrated copy is laid beside it, then one line of a journal says
 * that the copy is meant, and whoever opens the database next, alone, does the swap. Every step can be done again, so that
 * a crash between any two of them is finished at the next start.
 */

const stagedAt = (real: string) => `${real}.restoring`;
const journalAt = (real: string) => `${real}.restore.json`;

const decode = Schema.decodeUnknownEither(Schema.parseJson(Restored));
const encode = Schema.encodeSync(Schema.parseJson(Restored));

/** Where the copy is to be made, before `commit`. */
export const stagingPath = (path: string): string => `${stagedAt(Folder.realPath(path))}.partial`;

/** Where the database of now will be kept. */
export const keptPath = (path: string, at: number): string =>
  `${Folder.realPath(path)}.before-restore-${new Date(at).toISOString().replace(/\..*$/, "Z").replaceAll(":", "-")}`;

/** From here on the copy is meant: whatever happens, the next start ends with it in place. Throws what the system says. */
export const commit = (path: string, restored: Restored): void => {
  const real = Folder.realPath(path);
  renameSync(stagingPath(path), stagedAt(real));
  const draft = `${journalAt(real)}.partial`;
  writeFileSync(draft, encode(restored));
  const file = openSync(draft, "r+");
  fsyncSync(file);
  closeSync(file);
  renameSync(draft, journalAt(real));
  syncFolder(real);
};

const readJournal = (real: string): Option.Option<Either.Either<Restored, unknown>> => {
  const file = journalAt(real);
  return existsSync(file) ? Option.some(decode(readFileSync(file, "utf8"))) : Option.none();
};

const swap = (real: string, { kept }: Restored): void => {
  const staged = stagedAt(real);
  // Once the copy has its name, only the news of it is left.
  if (!existsSync(staged)) return;
  if (existsSync(real) && !existsSync(kept)) renameSync(real, kept);
  // What the old database had not taken in yet goes with it: beside the new one it would be taken for its own.
  if (existsSync(`${real}-wal`)) renameSync(`${real}-wal`, `${kept}-wal`);
  rmSync(`${real}-shm`, { force: true });
  syncFolder(real);
  renameSync(staged, real);
  syncFolder(real);
};

/** Finishes a swap that was committed, if there is one. To be called before the database is opened, and alone. */
export const finish = (path: string): Effect.Effect<void, DatabaseUnavailable> =>
  Effect.gen(function* () {
    const real = Folder.realPath(path);
    const journal = readJournal(real);
    if (Option.isNone(journal)) return;
    if (Either.isLeft(journal.value)) {
      return yield* new DatabaseUnavailable({
        path,
        problem: `${journalAt(real)} cannot be read, so nobody can say what was to be restored. Remove that file to go on with the database as it is.`,
      });
    }
    swap(real, journal.value.right);
  }).pipe(Effect.catchAllDefect((cause) => Effect.fail(unavailable(path, cause))));

/** What was put in place and has not been told to the log yet. */
export const news = (path: string): Option.Option<Restored> =>
  Option.flatMap(readJournal(Folder.realPath(path)), Either.getRight);

/** The log knows. */
export const forget = (path: string): void => {
  const real = Folder.realPath(path);
  rmSync(journalAt(real), { force: true });
  syncFolder(real);
};
