import { closeSync, existsSync, openSync, readSync, statSync } from "node:fs";
import Sqlite from "better-sqlite3";

/*
 * A look at a database file that is not (or not yet) the one in use: nothing here changes a byte of it.
 */

/** Marks a file as ours, so that another program's database is never migrated: 'PAWT'. */
export const APPLICATION_ID = 0x50415754;

export interface Applied {
  readonly id: number;
  readonly name: string;
  /** Null where it was applied before checksums were kept. */
  readonly checksum: string | null;
}

/**
 * Opens a file for reading. A file in WAL mode without its WAL is opened for writing: only then does SQLite take away
 * again the two files it needs beside it. Nothing is written, so nothing else changes.
 */
export const openToLook = (path: string): Sqlite.Database => {
  const readonly = existsSync(`${path}-wal`);
  try {
    return new Sqlite(path, { readonly, fileMustExist: true, timeout: 5_000 });
  } catch (error) {
    if (readonly) throw error;
    return new Sqlite(path, { readonly: true, fileMustExist: true, timeout: 5_000 });
  }
};

const HEADER = 100;
const OWNER_AT = 68;

/** The owner that stands in the file itself, without SQLite; null where there is no header to read it from. */
const ownerInHeader = (path: string): number | null => {
  const file = openSync(path, "r");
  try {
    const header = Buffer.alloc(HEADER);
    const read = readSync(file, header, 0, HEADER, 0);
    return read === HEADER && header.toString("latin1", 0, 15) === "SQLite format 3"
      ? header.readUInt32BE(OWNER_AT)
      : null;
  } finally {
    closeSync(file);
  }
};

const tableNames = (db: Sqlite.Database): ReadonlyArray<string> =>
  db
    .prepare<[], string>("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    .pluck()
    .all();

export const appliedIn = (db: Sqlite.Database): ReadonlyArray<Applied> => {
  if (!tableNames(db).includes("effect_sql_migrations")) return [];
  const columns = db
    .prepare<[], string>("SELECT name FROM pragma_table_info('effect_sql_migrations')")
    .pluck();
  const checksum = columns.all().includes("checksum") ? "checksum" : "NULL AS checksum";
  return db
    .prepare<[], Applied>(
      `SELECT migration_id AS id, name, ${checksum} FROM effect_sql_migrations ORDER BY migration_id`,
    )
    .all();
};

/** Rows of every table but the list of migrations, which is no data of anybody. */
export const rowsIn = (db: Sqlite.Database): Record<string, number> =>
  Object.fromEntries(
    tableNames(db)
      .filter((name) => name !== "effect_sql_migrations")
      .map((name) => [
        name,
        db
          .prepare<[], number>(`SELECT COUNT(*) FROM "${name.replaceAll('"', '""')}"`)
          .pluck()
          .get() ?? 0,
      ]),
  );

export type Owner = "us" | "nobody" | "another";

export interface Look {
  /** `nobody`: there is nothing in it yet. */
  readonly owner: Owner;
  readonly applied: ReadonlyArray<Applied>;
  /** Whether any table holds a row. */
  readonly empty: boolean;
}

const NOTHING: Look = { owner: "nobody", applied: [], empty: true };

export const ownerOf = (db: Sqlite.Database): Owner => {
  const owner = db.pragma("application_id", { simple: true });
  if (owner === APPLICATION_ID) return "us";
  return owner !== 0 || tableNames(db).length > 0 ? "another" : "nobody";
};

/** Whose it is and how far it is migrated. Throws what SQLite throws. */
export const look = (path: string): Look => {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined || (found.size === 0 && !existsSync(`${path}-wal`))) return NOTHING;
  // Another program's WAL is not even opened.
  const inHeader = found.size === 0 ? 0 : ownerInHeader(path);
  if (inHeader !== null && inHeader !== 0 && inHeader !== APPLICATION_ID) {
    return { ...NOTHING, owner: "another" };
  }
  const db = openToLook(path);
  try {
    const owner = ownerOf(db);
    if (owner !== "us") return { ...NOTHING, owner };
    const filled = db
      .prepare<[], string>("SELECT name FROM sqlite_master WHERE type = 'table'")
      .pluck()
      .all();
    const empty = filled
      .filter((name) => name !== "effect_sql_migrations" && !name.startsWith("sqlite_"))
      .every(
        (name) => db.prepare(`SELECT 1 FROM "${name.replaceAll('"', '""')}" LIMIT 1`).get() === undefined,
      );
    return { owner, applied: appliedIn(db), empty };
  } finally {
    db.close();
  }
};
