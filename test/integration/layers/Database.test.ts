import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as SqliteClient from "@effect/sql-sqlite-node/SqliteClient";
import * as SqlClient from "@effect/sql/SqlClient";
import { assert, describe, it } from "@effect/vitest";
import { Effect, Layer, Logger, LogLevel } from "effect";
import { checksums } from "../../../migrations/checksums.js";
import { migrations } from "../../../migrations/index.js";
import * as Database from "../../../src/layers/Database.js";
import { readOnlyFile, smallDisk } from "../../support/disks.js";
import { folder } from "../../support/layers.js";
import { killed, runScript, startTypeScript } from "../../support/process.js";

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

  it("are what they were when they landed (after adding one: npm run migrations:seal)", () => {
    const sums = FILES.map((name) => {
      const text = readFileSync(new URL(`../../../migrations/${name}.ts`, import.meta.url));
      return [name, createHash("sha256").update(text).digest("hex")];
    });
    assert.deepStrictEqual(checksums, Object.fromEntries(sums));
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
      yield* theirs(
        path,
        "PRAGMA journal_mode = DELETE",
        "CREATE TABLE precious (thing TEXT)",
        "INSERT INTO precious VALUES ('gold')",
      );
      const before = readFileSync(path);
      const problem = yield* problemOf(path);
      oneLine(problem);
      assert.include(problem, path);
      assert.include(problem, "belongs to another program");
      assert.isTrue(before.equals(readFileSync(path)));
      assert.notInclude(readdirSync(join(path, "..")).join(), "-wal");
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

  it.scoped("below a file is named with the file that is in the way", () =>
    Effect.gen(function* () {
      const file = join(yield* folder, "file");
      writeFileSync(file, "");
      for (const path of [join(file, "data.db"), join(file, "below", "data.db")]) {
        const problem = yield* problemOf(path);
        oneLine(problem);
        assert.include(problem, `${file} is a file, not a folder`);
      }
    }),
  );

  it.effect("where the system makes no folders is named, and the start does not hang", () =>
    Effect.gen(function* () {
      const problem = yield* problemOf("/proc/nowhere/at/all/data.db");
      oneLine(problem);
      assert.match(problem, /cannot be made|may not be written/);
    }),
  );

  it.scoped("that is a folder is named", () =>
    Effect.gen(function* () {
      assert.include(yield* problemOf(yield* folder), "it is a folder");
    }),
  );
});

describe("a database that cannot be written", () => {
  /** In a folder, as a bot leaves it. */
  const left = (home: string) =>
    Effect.gen(function* () {
      const path = join(home, "data.db");
      yield* opened(path, contents);
      return path;
    });

  it.scoped(
    "because its file is read-only is refused at the start, not when somebody presses a button",
    (test) =>
      Effect.gen(function* () {
        const path = yield* left(yield* folder);
        if (!(yield* readOnlyFile(path))) return test.skip("this user cannot make a file read-only");
        const problem = yield* problemOf(path);
        oneLine(problem);
        assert.include(
          problem,
          "it may only be read. Check that the file, its folder and the disk may be written",
        );
      }),
  );

  it.scoped("because its folder is read-only is refused with the folder's name", (test) =>
    Effect.gen(function* () {
      const disk = yield* smallDisk;
      if (disk === null) return test.skip("this user may not mount a small disk");
      const path = yield* left(disk.path);
      disk.remount("ro");
      const problem = yield* problemOf(path);
      oneLine(problem);
      assert.include(problem, `its folder ${disk.path} may not be written`);
    }),
  );

  it.scoped("because the disk is full is refused with just that, however little is left", (test) =>
    Effect.gen(function* () {
      const disk = yield* smallDisk;
      if (disk === null) return test.skip("this user may not mount a small disk");
      const path = yield* left(disk.path);
      const before = yield* opened(path, contents);
      // Too little for the file with its process id, for the memory that readers share, and for the first write.
      for (const free of [0, 8_192, 36_864]) {
        disk.fill(free);
        const problem = yield* problemOf(path);
        oneLine(problem);
        assert.include(problem, "the disk is full. Make room and start again");
        disk.makeRoom();
        assert.deepStrictEqual(yield* opened(path, contents), before);
      }
      disk.fill();
      assert.include(yield* problemOf(join(disk.path, "new.db")), "the disk is full");
    }),
  );
});

describe("a second process on the same database", () => {
  it.scoped("is refused in one line that names the first; a killed one does not stand in the way", () =>
    Effect.gen(function* () {
      const path = join(yield* folder, "data.db");
      const { child } = yield* Effect.promise(() =>
        startTypeScript("test/support/programs/hold-database.ts", [path]),
      );
      const problem = yield* problemOf(path);
      yield* Effect.promise(() => killed(child));
      oneLine(problem);
      assert.include(problem, `process ${child.pid ?? "?"} uses it already`);
      yield* opened(path, contents);
    }),
  );

  it.scoped("is refused inside one process too, and under another name of the same file", () =>
    Effect.gen(function* () {
      const path = join(yield* folder, "data.db");
      const other = `${path}.link`;
      yield* opened(
        path,
        Effect.gen(function* () {
          symlinkSync(path, other);
          assert.include(yield* problemOf(path), `process ${process.pid} uses it already`);
          assert.include(yield* problemOf(other), `process ${process.pid} uses it already`);
        }),
      );
    }),
  );
});

describe("a database with another history", () => {
  const changed = (statement: string) =>
    Effect.gen(function* () {
      const path = join(yield* folder, "data.db");
      yield* opened(path, contents);
      yield* theirs(path, statement, "PRAGMA journal_mode = DELETE");
      const before = readFileSync(path);
      const problem = yield* problemOf(path);
      oneLine(problem);
      assert.isTrue(before.equals(readFileSync(path)));
      return problem;
    });

  it.scoped("of a newer version is refused and not touched", () =>
    Effect.gen(function* () {
      const problem = yield* changed(
        "INSERT INTO effect_sql_migrations (migration_id, name) VALUES (9999, 'the_future')",
      );
      assert.include(problem, "a newer version of the bot has used it (9999_the_future is not known here)");
    }),
  );

  it.scoped("whose migrations were edited is refused and not touched", () =>
    Effect.gen(function* () {
      const problem = yield* changed(
        "UPDATE effect_sql_migrations SET checksum = 'other' WHERE migration_id = 1",
      );
      assert.include(problem, "0001_front_door was changed after it was applied");
    }),
  );
});

describe("a migration", () => {
  it.scoped("that fails leaves the database as it was, and a checked copy beside it", () =>
    Effect.gen(function* () {
      const path = join(yield* folder, "data.db");
      const inside = Effect.all([
        all("SELECT name, sql FROM sqlite_master ORDER BY name"),
        all("SELECT * FROM block"),
      ]);
      yield* opened(path, contents);
      // Its first migration has to be applied again, and finds its tables there already.
      yield* theirs(
        path,
        "DELETE FROM effect_sql_migrations",
        "PRAGMA foreign_keys = OFF",
        "INSERT INTO block VALUES ('1', '2', '3', 4)",
      );
      const before = yield* Effect.provide(inside, Layer.fresh(SqliteClient.layer({ filename: path })));
      const problem = yield* problemOf(path);
      oneLine(problem);
      assert.include(problem, "a migration failed and everything was put back");
      assert.deepStrictEqual(
        yield* Effect.provide(inside, Layer.fresh(SqliteClient.layer({ filename: path }))),
        before,
      );
      const [copy = ""] = readdirSync(`${path}-backups`);
      assert.match(copy, /^pawtropolis-.*-migration\.db$/);
      assert.deepStrictEqual(yield* theirs(join(`${path}-backups`, copy), "SELECT guild_id FROM block"), [
        [["1"]],
      ]);
    }),
  );

  it.live(
    "that is killed at any moment is begun again or is complete",
    () =>
      Effect.gen(function* () {
        const place = yield* folder;
        const whole = yield* opened(join(place, "whole.db"), contents);
        for (let round = 0; round < 4; round += 1) {
          const here = join(place, `${round}`);
          const { child, output } = yield* Effect.promise(() =>
            startTypeScript("test/support/programs/migrate-for-ever.ts", [here]),
          );
          yield* Effect.sleep(100 + 37 * round);
          yield* Effect.promise(() => killed(child));
          // The last one is the one that was interrupted.
          const last = output().trim().split("\n").at(-1) ?? "0";
          assert.deepStrictEqual(yield* opened(join(here, `${last}.db`), contents), whole);
        }
      }).pipe(Effect.scoped, Effect.provide(Logger.minimumLogLevel(LogLevel.None))),
    60_000,
  );
});

describe("npm run migrate", () => {
  const migrate = (cwd: string, ...args: ReadonlyArray<string>) =>
    Effect.promise(() =>
      runScript("migrate", {
        args,
        cwd,
        env: {
          DISCORD_TOKEN: "a-token-for-tests",
          CLIENT_ID: "100000000000000001",
          RESET_PASSWORD: "a-password-for-tests",
        },
      }),
    );

  it.scopedLive(
    "says what it would do and makes nothing, then does it, then has nothing to do",
    () =>
      Effect.gen(function* () {
        const cwd = yield* folder;
        const dry = yield* migrate(cwd, "--dry-run");
        assert.match(
          dry.stdout,
          /^data\/data\.db would be made with:\n {2}0001_front_door\n[^]*nothing was changed/,
        );
        assert.deepStrictEqual(readdirSync(cwd), []);
        const first = yield* migrate(cwd);
        assert.match(first.stdout, /^Migrated data\/data\.db: 0001_front_door/);
        const before = readFileSync(join(cwd, "data/data.db"));
        const second = yield* migrate(cwd);
        const dryAgain = yield* migrate(cwd, "--dry-run");
        assert.match(second.stdout, /^Nothing to do: data\/data\.db is up to date \(\d{4}_\w+\)\.\n$/);
        assert.strictEqual(dryAgain.stdout, second.stdout);
        assert.isTrue(before.equals(readFileSync(join(cwd, "data/data.db"))));
        assert.deepStrictEqual(
          [dry, first, second, dryAgain].map(({ code }) => code),
          [0, 0, 0, 0],
        );
      }),
    60_000,
  );
});
