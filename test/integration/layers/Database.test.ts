import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as SqliteClient from "@effect/sql-sqlite-node/SqliteClient";
import * as SqlClient from "@effect/sql/SqlClient";
import { assert, describe, it } from "@effect/vitest";
import { Effect, Layer } from "effect";
import { migrations } from "../../../migrations/index.js";
import * as Database from "../../../src/layers/Database.js";
import { folder } from "../../support/layers.js";

const FILES = readdirSync(new URL("../../../migrations/", import.meta.url))
  .filter((file) => /^\d/.test(file))
  .map((file) => file.replace(/\.ts$/, ""))
  .sort();

/** Opens a database and looks at it; it is closed again afterwards. */
const opened = <A, E>(path: string, look: Effect.Effect<A, E, SqlClient.SqlClient>) =>
  Effect.provide(look, Layer.fresh(Database.layerTest(path)));
const all = (query: string) =>
  Effect.flatMap(SqlClient.SqlClient, (sql) => sql.unsafe<Record<string, string | number>>(query).values);

/** Runs statements as another program would. */
const theirs = (path: string, ...statements: ReadonlyArray<string>) =>
  Effect.provide(Effect.forEach(statements, all), Layer.fresh(SqliteClient.layer({ filename: path })));

/** Everything there is in a database, but the moments of its migrations. */
const contents = Effect.all([
  all("SELECT name, sql FROM sqlite_master ORDER BY name"),
  all("SELECT migration_id, name FROM effect_sql_migrations ORDER BY migration_id"),
]);

/** Why it could not be opened: for an operator, in one line. */
const problemOf = (path: string) => Effect.map(Effect.flip(opened(path, contents)), ({ message }) => message);
const oneLine = (message: string) => {
  assert.notInclude(message, "\n");
  assert.match(message, /^Cannot use the database \S+: .*\. .*\.$/);
};

describe("migrations", () => {
  it("are the files of their folder, all of them, numbered without a gap", () => {
    assert.deepStrictEqual(Object.keys(migrations), FILES);
    assert.deepStrictEqual(
      FILES.map((name) => Number(name.slice(0, 4))),
      FILES.map((_, index) => index + 1),
    );
    for (const name of FILES) assert.match(name, /^\d{4}_[a-z][a-z_]*$/);
  });

  it.scoped("are all applied to a new database, and the second time nothing is", () =>
    Effect.gen(function* () {
      const path = join(yield* folder, "data.db");
      const first = yield* opened(path, contents);
      assert.deepStrictEqual(
        first[1],
        FILES.map((name, index) => [index + 1, name.slice(5)]),
      );
      assert.deepStrictEqual(yield* opened(path, contents), first);
    }),
  );
});

describe("the database", () => {
  it.scoped("is made with its folder, and written so that a power cut loses nothing", () =>
    Effect.gen(function* () {
      const path = join(yield* folder, "a", "b", "data.db");
      const pragma = (name: string) => Effect.map(all(`PRAGMA ${name}`), (rows) => rows[0]?.[0]);
      const found = yield* opened(
        path,
        Effect.all(["journal_mode", "synchronous", "foreign_keys", "busy_timeout"].map(pragma)),
      );
      assert.deepStrictEqual(found, ["wal", 2, 1, 5_000]);
      assert.isTrue(existsSync(path));
    }),
  );

  it.scoped("of another program is refused, and nothing is written into it", () =>
    Effect.gen(function* () {
      const path = join(yield* folder, "theirs.db");
      yield* theirs(path, "CREATE TABLE precious (thing TEXT)", "INSERT INTO precious VALUES ('gold')");
      const problem = yield* problemOf(path);
      oneLine(problem);
      assert.include(problem, path);
      assert.include(problem, "belongs to another program");
      assert.deepStrictEqual(
        yield* theirs(
          path,
          "SELECT name FROM sqlite_master",
          "SELECT thing FROM precious",
          "PRAGMA application_id",
        ),
        [[["precious"]], [["gold"]], [[0]]],
      );
    }),
  );

  it.scoped("that another program has marked as its own is refused, though it is empty", () =>
    Effect.gen(function* () {
      const path = join(yield* folder, "theirs.db");
      yield* theirs(path, "PRAGMA application_id = 42");
      assert.include(yield* problemOf(path), "belongs to another program");
    }),
  );

  it.scoped("that is damaged is named with what to do", () =>
    Effect.gen(function* () {
      const path = join(yield* folder, "data.db");
      writeFileSync(path, "this is no database, and never was one. ".repeat(100));
      const problem = yield* problemOf(path);
      oneLine(problem);
      assert.include(problem, "Restore a backup");
    }),
  );

  it.scoped("that is cut off in the middle is named with what to do", () =>
    Effect.gen(function* () {
      const path = join(yield* folder, "data.db");
      yield* opened(path, contents);
      writeFileSync(path, readFileSync(path).subarray(0, 5_000));
      const problem = yield* problemOf(path);
      oneLine(problem);
      assert.include(problem, "Restore a backup");
    }),
  );

  it.scoped("in a folder that cannot be made is named with what to do", () =>
    Effect.gen(function* () {
      const file = join(yield* folder, "file");
      writeFileSync(file, "");
      const problem = yield* problemOf(join(file, "below", "data.db"));
      oneLine(problem);
      assert.include(problem, "Check the folder and its permissions");
    }),
  );
});
