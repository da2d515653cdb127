import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import * as Reactivity from "@effect/experimental/Reactivity";
import * as SqliteClient from "@effect/sql-sqlite-node/SqliteClient";
import * as Migrator from "@effect/sql/Migrator";
import * as SqlClient from "@effect/sql/SqlClient";
import type { SqlError } from "@effect/sql/SqlError";
import { Context, Effect, Layer, Schema, String } from "effect";
import { migrations } from "../../migrations/index.js";
import { AppConfig } from "./Config.js";

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

/** Marks a file as ours, so that another program's database is never migrated: 'PAWT'. */
const APPLICATION_ID = 0x50415754;

const runMigrations = Migrator.make({})({ loader: Migrator.fromRecord(migrations) });

const pragma = (sql: SqlClient.SqlClient, name: string) =>
  Effect.map(sql.unsafe<Record<string, number | string>>(`PRAGMA ${name}`).withoutTransform, (rows) =>
    rows[0] === undefined ? undefined : Object.values(rows[0])[0],
  );

const refuseForeign = (sql: SqlClient.SqlClient, path: string) =>
  Effect.gen(function* () {
    const owner = yield* pragma(sql, "application_id");
    if (owner === APPLICATION_ID) return;
    const tables = yield* sql<{ n: number }>`SELECT COUNT(*) AS n FROM sqlite_master WHERE type = 'table'`;
    if (owner !== 0 || (tables[0]?.n ?? 0) > 0) {
      return yield* new DatabaseUnavailable({
        path,
        problem: "it belongs to another program. Point DB_PATH at a new file.",
      });
    }
    yield* sql.unsafe(`PRAGMA application_id = ${APPLICATION_ID}`);
  });

/** What people were told is done survives a power cut: FULL, read back because the client opens with NORMAL. */
const harden = (sql: SqlClient.SqlClient, path: string) =>
  Effect.gen(function* () {
    yield* sql.unsafe("PRAGMA busy_timeout = 5000");
    yield* sql.unsafe("PRAGMA foreign_keys = ON");
    yield* sql.unsafe("PRAGMA synchronous = FULL");
    const synchronous = yield* pragma(sql, "synchronous");
    if (synchronous !== 2) {
      return yield* new DatabaseUnavailable({ path, problem: "SQLite refused synchronous=FULL." });
    }
  });

const remedy = (path: string, cause: unknown): DatabaseUnavailable => {
  const text =
    cause instanceof Error
      ? `${cause.message} ${cause.cause instanceof Error ? cause.cause.message : ""}`
      : "";
  const problem = /not a database|malformed/i.test(text)
    ? "the file is damaged or is not a SQLite database. Restore a backup, or point DB_PATH elsewhere."
    : /locked|busy/i.test(text)
      ? "another process holds it. Stop the other instance first."
      : /unable to open|EACCES|EROFS|readonly|ENOTDIR|EPERM/i.test(text)
        ? "it cannot be opened or written. Check the folder and its permissions."
        : "it could not be opened or migrated; nothing was changed. See the cause.";
  return new DatabaseUnavailable({ path, problem, cause });
};

/** There are some dozens of column names, and each is asked for with every row. */
const onceEach = (rename: (name: string) => string) => {
  const known = new Map<string, string>();
  return (name: string): string => {
    const before = known.get(name);
    if (before !== undefined) return before;
    const renamed = rename(name);
    known.set(name, renamed);
    return renamed;
  };
};

const openAt = (path: string) =>
  Effect.gen(function* () {
    if (path !== ":memory:") mkdirSync(dirname(path), { recursive: true });
    const client = yield* SqliteClient.make({
      filename: path,
      prepareCacheSize: 500,
      transformQueryNames: onceEach(String.camelToSnake),
      transformResultNames: onceEach(String.snakeToCamel),
    });
    yield* harden(client, path);
    yield* refuseForeign(client, path);
    yield* Effect.provideService(runMigrations, SqlClient.SqlClient, client);
    return client;
  }).pipe(
    Effect.catchAllDefect((cause) => Effect.fail(remedy(path, cause))),
    Effect.catchIf(
      (error): error is SqlError | Migrator.MigrationError => error._tag !== "DatabaseUnavailable",
      (cause) => Effect.fail(remedy(path, cause)),
    ),
  );

const open = (path: string) =>
  Layer.scopedContext(
    Effect.map(openAt(path), (client) =>
      Context.make(SqlClient.SqlClient, client as SqlClient.SqlClient).pipe(
        Context.add(SqliteClient.SqliteClient, client),
      ),
    ),
  ).pipe(Layer.provide(Reactivity.layer));

/** The database of `DB_PATH`: folder made, opened in WAL, migrated; closed with the scope. */
export const layer = Layer.unwrapEffect(Effect.map(AppConfig, (config) => open(config.databasePath)));

/** A real database in a file of its own or, by default, in memory. */
export const layerTest = (path = ":memory:") => open(path);
