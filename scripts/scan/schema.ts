import * as SqliteClient from "@effect/sql-sqlite-node/SqliteClient";
import * as SqlClient from "@effect/sql/SqlClient";
import type { SqlError } from "@effect/sql/SqlError";
import Database from "better-sqlite3";
import { Effect } from "effect";
import type { Finding } from "./Finding.js";
import type { Statement } from "./statements.js";

/** One migration, as in migrations/index.ts. */
type Migration = Effect.Effect<unknown, unknown, SqlClient.SqlClient>;

export interface SchemaHistory {
  /** What makes the schema of today, statement by statement. */
  readonly ddl: ReadonlyArray<string>;
  /** Names of tables and columns that were there once and mean nothing any more. */
  readonly dropped: ReadonlySet<string>;
}

const namesOf = (sql: SqlClient.SqlClient): Effect.Effect<ReadonlySet<string>, SqlError> =>
  Effect.map(
    sql<{ table: string; column: string }>`
      SELECT m.name AS "table", c.name AS "column"
      FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table'`,
    (rows) => new Set(rows.flatMap(({ table, column }) => [table, column])),
  );

/** Runs all migrations on an empty database and watches what disappears. */
export const historyOf = (migrations: Readonly<Record<string, Migration>>) =>
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient;
    const ever = new Set<string>();
    for (const name of Object.keys(migrations).sort()) {
      const migration = migrations[name];
      if (migration !== undefined) yield* migration;
      for (const known of yield* namesOf(sql)) ever.add(known);
    }
    const now = yield* namesOf(sql);
    const rows = yield* sql<{ sql: string }>`
      SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY rowid`;
    return {
      ddl: rows.map((row) => row.sql),
      dropped: new Set([...ever].filter((name) => !now.has(name))),
    } satisfies SchemaHistory;
  }).pipe(Effect.provide(SqliteClient.layer({ filename: ":memory:" })));

const MISSING = /no such (table|column): |has no column named /;
/** Tables that the migrator itself makes. */
const OF_MIGRATOR = /effect_sql_migrations|sqlite_/;

export interface SqlScan {
  readonly findings: ReadonlyArray<Finding>;
  /** How many statements SQLite could be asked about; the others were looked at by name alone. */
  readonly prepared: number;
}

/** Statements that use a table or column which the schema of today has not. */
export const scanStatements = (statements: ReadonlyArray<Statement>, history: SchemaHistory): SqlScan => {
  const database = new Database(":memory:");
  try {
    for (const statement of history.ddl) database.exec(statement);
    let prepared = 0;
    const findings = statements.flatMap(({ file, line, text }): ReadonlyArray<Finding> => {
      const gone = [...new Set(text.match(/[A-Za-z_]\w*/g))].filter((word) => history.dropped.has(word));
      if (gone.length > 0) {
        return gone.map((name) => ({
          file,
          line,
          rule: "dropped",
          message: `${name} was dropped by a migration`,
        }));
      }
      if (!/^\s*(select|insert|update|delete|with|replace)\b/i.test(text) || OF_MIGRATOR.test(text))
        return [];
      try {
        database.prepare(text);
        prepared += 1;
        return [];
      } catch (error) {
        // Anything else is a template that values alone cannot complete.
        if (!(error instanceof Error) || !MISSING.test(error.message)) return [];
        return [{ file, line, rule: "schema", message: error.message }];
      }
    });
    return { findings, prepared };
  } finally {
    database.close();
  }
};
