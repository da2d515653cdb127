import { join } from "node:path";
import * as SqlClient from "@effect/sql/SqlClient";
import { SqlError } from "@effect/sql/SqlError";
import { assert, describe, it } from "@effect/vitest";
import Sqlite from "better-sqlite3";
import { Cause, Effect, Exit, Layer } from "effect";
import * as Database from "../../../../src/layers/Database.js";
import { transaction } from "../../../../src/services/repos/Repo.js";
import { folder } from "../../../support/layers.js";

/** The bot's database with one table of numbers, and a second connection to it as another program has one. */
const beside = <A, E>(
  test: (
    sql: SqlClient.SqlClient,
    other: Sqlite.Database,
    numbers: () => ReadonlyArray<unknown>,
  ) => Effect.Effect<A, E>,
) =>
  Effect.gen(function* () {
    const path = join(yield* folder, "data.db");
    yield* Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient;
      yield* sql`CREATE TABLE number (n INTEGER)`;
      const other = yield* Effect.acquireRelease(
        Effect.sync(() => new Sqlite(path, { timeout: 0 })),
        (opened) => Effect.sync(() => opened.close()),
      );
      return yield* test(sql, other, () => other.prepare("SELECT n FROM number ORDER BY n").pluck().all());
    }).pipe(Effect.provide(Layer.fresh(Database.layerTest(path))));
  });

describe("a transaction beside another program", () => {
  it.scoped("writes on what it has read: nobody else can commit in between", () =>
    beside((sql, other, numbers) =>
      Effect.gen(function* () {
        yield* transaction(sql)(
          Effect.gen(function* () {
            yield* sql`SELECT COUNT(*) FROM number`;
            assert.throws(() => other.exec("INSERT INTO number VALUES (2)"), /database is locked/);
            yield* sql`INSERT INTO number VALUES (1)`;
          }),
        );
        other.exec("INSERT INTO number VALUES (2)");
        assert.deepStrictEqual(numbers(), [1, 2]);
      }),
    ),
  );

  it.scoped("says what kept it from beginning, and does not stand in the way of the next one", () =>
    beside((sql, other, numbers) =>
      Effect.gen(function* () {
        yield* sql.unsafe("PRAGMA busy_timeout = 1");
        other.exec("BEGIN IMMEDIATE");
        const begun = yield* Effect.exit(transaction(sql)(sql`INSERT INTO number VALUES (1)`));
        const reason = Exit.isFailure(begun) ? Cause.squash(begun.cause) : "it began";
        assert.match(String(reason instanceof SqlError ? reason.cause : reason), /database is locked/);
        other.exec("COMMIT");
        yield* transaction(sql)(sql`INSERT INTO number VALUES (2)`);
        assert.deepStrictEqual(numbers(), [2]);
      }),
    ),
  );

  it.scoped("inside another one is a part of it, and can be given up alone", () =>
    beside((sql, _, numbers) =>
      Effect.gen(function* () {
        const inTransaction = transaction(sql);
        const insert = (n: number) => sql`INSERT INTO number VALUES (${n})`;
        yield* inTransaction(
          Effect.gen(function* () {
            yield* insert(1);
            yield* Effect.flip(inTransaction(Effect.zipRight(insert(2), Effect.fail("no"))));
            yield* inTransaction(insert(3));
            assert.deepStrictEqual(numbers(), []);
          }),
        );
        assert.deepStrictEqual(numbers(), [1, 3]);
        yield* Effect.flip(inTransaction(Effect.zipRight(inTransaction(insert(4)), Effect.fail("no"))));
        assert.deepStrictEqual(numbers(), [1, 3]);
      }),
    ),
  );
});
