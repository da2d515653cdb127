import { closeSync, fdatasyncSync, fsyncSync, openSync, statSync } from "node:fs";
import { dirname } from "node:path";
import Sqlite from "better-sqlite3";
import type { Contents } from "../../domain/Backup.js";
import * as DatabaseFile from "./DatabaseFile.js";
import * as History from "./History.js";

/*
 * The slow work on whole database files. It runs in a process of its own (CopyProcess), because a gigabyte read in the
 * thread that answers people would keep them waiting.
 */

/** What is copied before the disk is asked to keep up: 4 MB. More at once, and the bot's own commits wait behind it. */
const STEP_PAGES = 1_024;
/** A breath between two steps, for those who wait for the disk or the processor. */
const BREATH_MS = 4;

const pause = new Int32Array(new SharedArrayBuffer(4));
const breathe = (): void => {
  Atomics.wait(pause, 0, 0, BREATH_MS);
};

/** Makes what was renamed or written in a folder survive a power cut. */
export const syncFolder = (path: string): void => {
  const folder = openSync(dirname(path), "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
};

/** One file on the disk, without a WAL beside it: a backup is moved and kept as one thing. */
export const inOneFile = (path: string): void => {
  const db = new Sqlite(path, { fileMustExist: true });
  try {
    db.pragma("journal_mode = DELETE");
  } finally {
    db.close();
  }
  const file = openSync(path, "r+");
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
};

/** A file that is not what it should be; the message says what it is instead. */
export class Unsound extends Error {}

const contentsOf = (db: Sqlite.Database, bytes: number): Contents => {
  const newest = DatabaseFile.appliedIn(db).at(-1);
  return {
    bytes,
    migration: newest === undefined ? null : History.title(newest),
    rows: DatabaseFile.rowsIn(db),
  };
};

/** Reads a whole file: is it sound, is it ours, is it of this version or an older one, and what does it hold. */
export const verify = (path: string): Contents => {
  const { size } = statSync(path);
  if (size === 0) throw new Unsound("the file is empty");
  const db = DatabaseFile.openToLook(path);
  try {
    const owner = DatabaseFile.ownerOf(db);
    if (owner !== "us") {
      throw new Unsound(
        owner === "another" ? "it is the database of another program" : "there is nothing in it",
      );
    }
    const problem = History.problemOf(DatabaseFile.appliedIn(db));
    if (problem !== null) throw new Unsound(problem.replace(/\.$/, ""));
    const found = db.prepare<[], string>("PRAGMA quick_check(3)").pluck().all();
    if (found.join() !== "ok") {
      // SQLite writes some of these over several lines.
      throw new Unsound(`it is damaged: ${found.join("; ").replace(/\s+/g, " ").slice(0, 300)}`);
    }
    return contentsOf(db, size);
  } finally {
    db.close();
  }
};

/**
 * Copies a database that may be in use, as it is at this moment, and makes sure that the copy holds the same. One read
 * transaction covers all of it: nobody who writes waits, and however much is written meanwhile, the copy is not begun anew.
 * Throws on any trouble; a part of a copy may then be left.
 */
export const copy = async (from: string, to: string): Promise<Contents> => {
  const source = new Sqlite(from, { readonly: true, fileMustExist: true, timeout: 5_000 });
  try {
    source.exec("BEGIN");
    const expected = DatabaseFile.rowsIn(source);
    let written: number | undefined;
    try {
      await source.backup(to, {
        progress: () => {
          written ??= openSync(to, "r+");
          fdatasyncSync(written);
          breathe();
          return STEP_PAGES;
        },
      });
    } finally {
      if (written !== undefined) closeSync(written);
    }
    inOneFile(to);
    const contents = verify(to);
    for (const [table, rows] of Object.entries(expected)) {
      if (contents.rows[table] !== rows) {
        throw new Unsound(`the copy has ${contents.rows[table] ?? "no"} rows in ${table} instead of ${rows}`);
      }
    }
    return contents;
  } finally {
    source.close();
  }
};

/** Reads the database that is in use from end to end, beside whoever uses it. @returns what is wrong with it. */
export const check = (path: string): ReadonlyArray<string> => {
  const db = new Sqlite(path, { readonly: true, fileMustExist: true, timeout: 5_000 });
  try {
    const found = db.prepare<[], string>("PRAGMA integrity_check(5)").pluck().all();
    return found.join() === "ok" ? [] : found;
  } finally {
    db.close();
  }
};
