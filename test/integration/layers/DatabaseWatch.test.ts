import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as SqliteClient from "@effect/sql-sqlite-node/SqliteClient";
import * as SqlClient from "@effect/sql/SqlClient";
import { assert, describe, it } from "@effect/vitest";
import { Effect, Exit, Fiber, Layer, Logger, LogLevel, Scope } from "effect";
import { TestClock } from "effect";
import * as Config from "../../../src/layers/Config.js";
import * as Database from "../../../src/layers/Database.js";
import * as DatabaseWatch from "../../../src/layers/DatabaseWatch.js";
import * as Lifecycle from "../../../src/layers/Lifecycle.js";
import { folder } from "../../support/layers.js";

/** A database in use, with a row that is told to have been stored. */
const inUse = Effect.gen(function* () {
  const home = yield* folder;
  const path = join(home, "data", "data.db");
  const backupsDir = join(home, "data", "backups");
  const config = Config.layerTest({ databasePath: path, backupsDir });
  const opened = (scope: Scope.Scope) =>
    DatabaseWatch.layer.pipe(
      Layer.provideMerge(Database.layer),
      Layer.provideMerge(Lifecycle.layerTest),
      Layer.provide(config),
      Layer.fresh,
      Layer.buildWithScope(scope),
    );
  const scope = yield* Scope.make();
  const context = yield* opened(scope);
  const run = (statement: string) =>
    Effect.provide(
      Effect.flatMap(SqlClient.SqlClient, (sql) => sql.unsafe(statement)),
      context,
    );
  yield* run("CREATE TABLE precious (thing TEXT)");
  yield* run("INSERT INTO precious VALUES ('confirmed')");
  const ended = yield* Effect.fork(
    Effect.provide(
      Effect.flatMap(Lifecycle.Lifecycle, (life) => Effect.flip(life.ended)),
      context,
    ),
  );
  /** The copy itself takes real time. */
  const lastWords = Effect.gen(function* () {
    for (let turn = 0; turn < 1_000; turn += 1) {
      yield* TestClock.adjust("1 second");
      yield* Effect.promise(() => new Promise((done) => setTimeout(done, 5)));
      if ((yield* Fiber.status(ended))._tag === "Done") break;
    }
    return (yield* Fiber.join(ended)).message;
  });
  return { path, backupsDir, run, lastWords, opened, close: Scope.close(scope, Exit.void) };
});

const thingsIn = (path: string) =>
  Effect.provide(
    Effect.flatMap(SqlClient.SqlClient, (sql) => sql.unsafe<{ thing: string }>("SELECT thing FROM precious")),
    Layer.fresh(SqliteClient.layer({ filename: path, disableWAL: true })),
  ).pipe(Effect.map((rows) => rows.map(({ thing }) => thing)));

const copyIn = (words: string) => /What it held is in (\S+\.db)\./.exec(words)?.[1] ?? assert.fail(words);

const quietly = <A, E>(test: Effect.Effect<A, E, Scope.Scope>) =>
  test.pipe(Effect.scoped, Effect.provide(Logger.minimumLogLevel(LogLevel.None)));

describe("a database in use", () => {
  it.effect(
    "whose folder is removed is copied out, and the bot ends with the way back; the next start is not an empty one",
    () =>
      Effect.gen(function* () {
        const { path, backupsDir, run, lastWords, opened, close } = yield* inUse;
        rmSync(dirname(path), { recursive: true });
        // Nothing has noticed yet.
        yield* run("INSERT INTO precious VALUES ('confirmed after it was gone')");
        const words = yield* lastWords;
        assert.match(words, /was removed while the bot used it.*npm run recover -- --restore /);
        const copy = copyIn(words);
        assert.strictEqual(dirname(copy), backupsDir);
        assert.deepStrictEqual(yield* thingsIn(copy), ["confirmed", "confirmed after it was gone"]);
        // What the copy does not have is not confirmed to anybody.
        assert.isTrue(Exit.isFailure(yield* Effect.exit(run("INSERT INTO precious VALUES ('too late')"))));
        yield* close;
        const scope = yield* Scope.make();
        const refused = yield* Effect.flip(opened(scope));
        yield* Scope.close(scope, Exit.void);
        assert.include(refused.message, copy);
        assert.isFalse(existsSync(path));
        yield* Database.finishRestore(path);
      }).pipe(quietly),
    60_000,
  );

  it.effect(
    "that is replaced by another file is copied out, and the other file is left alone",
    () =>
      Effect.gen(function* () {
        const { path, lastWords, close } = yield* inUse;
        renameSync(path, `${path}.old`);
        writeFileSync(path, "another file");
        const words = yield* lastWords;
        assert.match(words, /was replaced while the bot used it/);
        assert.deepStrictEqual(yield* thingsIn(copyIn(words)), ["confirmed"]);
        yield* close;
      }).pipe(quietly),
    60_000,
  );

  it.effect(
    "is copied beside itself where the folder of backups cannot be written",
    () =>
      Effect.gen(function* () {
        const { path, backupsDir, lastWords, close } = yield* inUse;
        rmSync(dirname(path), { recursive: true });
        mkdirSync(dirname(path));
        writeFileSync(backupsDir, "a file where the folder was");
        const copy = copyIn(yield* lastWords);
        assert.strictEqual(dirname(copy), dirname(path));
        assert.deepStrictEqual(yield* thingsIn(copy), ["confirmed"]);
        yield* close;
      }).pipe(quietly),
    60_000,
  );

  it.effect("that is there is left alone", () =>
    Effect.gen(function* () {
      const { path, run, close } = yield* inUse;
      yield* TestClock.adjust("10 minutes");
      yield* run("INSERT INTO precious VALUES ('more')");
      assert.deepStrictEqual(yield* thingsIn(path), ["confirmed", "more"]);
      assert.deepStrictEqual(
        readdirSync(dirname(path)).filter((name) => name.includes("rescued")),
        [],
      );
      yield* close;
    }).pipe(quietly),
  );
});
