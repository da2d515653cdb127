import * as Migrator from "@effect/sql/Migrator";
import type * as SqlClient from "@effect/sql/SqlClient";
import { SqlClient as Sql } from "@effect/sql/SqlClient";
import { Effect, Schema } from "effect";
import { migrations } from "../../../migrations/index.js";
import { APPLICATION_ID, type Applied } from "./DatabaseFile.js";
import { DatabaseUnavailable } from "./DatabaseUnavailable.js";
import * as History from "./History.js";

const AppliedRow = Schema.Struct({
  id: Schema.Int,
  name: Schema.String,
  checksum: Schema.NullOr(Schema.String),
});
const rows = Schema.decodeUnknown(Schema.Array(AppliedRow));

const applyAll = Migrator.make({})({ loader: Migrator.fromRecord(migrations) });

const columns = (sql: SqlClient.SqlClient) =>
  sql.unsafe<{ name: string }>("SELECT name FROM pragma_table_info('effect_sql_migrations')")
    .withoutTransform;

const applied = (sql: SqlClient.SqlClient): Effect.Effect<ReadonlyArray<Applied>, unknown> =>
  Effect.gen(function* () {
    const names = (yield* columns(sql)).map(({ name }) => name);
    if (names.length === 0) return [];
    const checksum = names.includes("checksum") ? "checksum" : "NULL AS checksum";
    return yield* Effect.flatMap(
      sql.unsafe(
        `SELECT migration_id AS id, name, ${checksum} FROM effect_sql_migrations ORDER BY migration_id`,
      ).withoutTransform,
      rows,
    );
  });

/** Writes down what each migration was, also for those that were applied before that was done. */
const seal = (sql: SqlClient.SqlClient) =>
  Effect.gen(function* () {
    const names = (yield* columns(sql)).map(({ name }) => name);
    if (!names.includes("checksum")) {
      yield* sql.unsafe("ALTER TABLE effect_sql_migrations ADD COLUMN checksum TEXT");
    }
    for (const { id, checksum } of History.known) {
      yield* sql.unsafe(
        "UPDATE effect_sql_migrations SET checksum = ? WHERE migration_id = ? AND checksum IS NULL",
        [checksum, id],
      );
    }
  });

/**
 * Applies what is still to be applied, all of it in one transaction, or nothing. The transaction takes the write lock
 * with its first statement, so that two who migrate at once come one after the other, and a bot that is running waits.
 * @returns what was applied.
 */
export const run = (sql: SqlClient.SqlClient, path: string) =>
  sql.withTransaction(
    Effect.gen(function* () {
      yield* sql.unsafe(`PRAGMA application_id = ${APPLICATION_ID}`);
      const before = yield* applied(sql);
      const problem = History.problemOf(before);
      if (problem !== null) return yield* new DatabaseUnavailable({ path, problem });
      yield* Effect.provideService(applyAll, Sql, sql).pipe(
        Effect.catchAllCause((cause) =>
          Effect.fail(
            new DatabaseUnavailable({
              path,
              problem:
                "a migration failed and everything was put back as it was. Deploy the version before this one, and report this.",
              cause,
            }),
          ),
        ),
      );
      yield* seal(sql);
      return History.pendingOf(before);
    }),
  );
