/** What an operator types when it is about the database: each command as a process of its own. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import * as Reactivity from "@effect/experimental/Reactivity";
import * as Migrator from "@effect/sql/Migrator";
import * as SqliteClient from "@effect/sql-sqlite-node/SqliteClient";
import { assert, describe, it } from "@effect/vitest";
import { Effect, Layer } from "effect";
import { migrations } from "../../../../migrations/index.js";
import { APPLICATION_ID } from "../../../../src/layers/database/DatabaseFile.js";
import * as InstanceLock from "../../../../src/layers/database/InstanceLock.js";
import { folder, rowsOf } from "../../../support/layers.js";
import { type Finished, killed, runScript, startTypeScript } from "../../../support/process.js";

const LIMIT = 120_000;

const ENV = {
  DISCORD_TOKEN: "a-token-for-tests",
  CLIENT_ID: "100000000000000001",
  RESET_PASSWORD: "a-password-for-tests",
};

/** `npm run …` in the folder of an installation. */
const npmRun = (cwd: string, script: "backup" | "recover" | "migrate", ...args: ReadonlyArray<string>) =>
  Effect.promise(() => runScript(script, { args, cwd, env: ENV }));

/** A process that has the database open as the bot has it. */
const running = (home: string) =>
  Effect.acquireRelease(
    Effect.promise(() =>
      startTypeScript("test/support/programs/hold-database.ts", [join(home, "data/data.db")]),
    ),
    ({ child }) => (child.exitCode === null && child.signalCode === null ? ended(child) : Effect.void),
  );
const ended = (child: Parameters<typeof killed>[0]) => Effect.promise(() => killed(child));

const inDatabase = (path: string, ...statements: ReadonlyArray<string>) =>
  Effect.provide(
    Effect.forEach(statements, (statement) => rowsOf(statement)),
    Layer.fresh(SqliteClient.layer({ filename: path, disableWAL: true })),
  );
/** Something to be lost, in a table that depends on no other. */
const put = (guild: number) => `INSERT INTO chain_end (guild_id, seq, hash) VALUES ('${guild}', 1, 'hash')`;
const kept = "SELECT guild_id FROM chain_end ORDER BY guild_id";

/** Refused in one line, which is all that is said. */
const refused = ({ code, stdout, stderr }: Finished, words: RegExp): void => {
  assert.deepStrictEqual([code, stdout], [1, ""]);
  assert.match(stderr, /^[^\n]+\n$/);
  assert.match(stderr, words);
};

describe("npm run backup and npm run recover", () => {
  it.scopedLive(
    "back up beside a running bot, look, try, and go back once it is stopped",
    () =>
      Effect.gen(function* () {
        const home = yield* folder;
        const path = join(home, "data/data.db");
        const { child: bot } = yield* running(home);
        yield* inDatabase(path, put(1));
        const none = yield* npmRun(home, "recover", "--list");
        assert.deepStrictEqual(
          [none.code, none.stdout],
          [0, "There are no backups. Make one with: npm run backup\n"],
        );

        const made = yield* npmRun(home, "backup");
        assert.match(
          made.stdout,
          /^Backed up to \S+data\/backups\/pawtropolis-\S+-manual\.db: \d+ rows in \d+ bytes \(\d{4}_\w+\), read back and sound\.\n$/,
        );
        const [name = ""] = readdirSync(join(home, "data/backups"));
        assert.include(made.stdout, name);
        yield* inDatabase(path, put(2));

        const listed = yield* npmRun(home, "recover", "--list");
        assert.match(listed.stdout, new RegExp(`^${name} {2}\\S+Z {2}manual {2}\\d+ bytes\n$`));
        const verified = yield* npmRun(home, "recover", "--verify", name);
        assert.match(verified.stdout, /is sound\. It holds:[^]*\n {2}chain_end: 1\n/);
        const tried = yield* npmRun(home, "recover", "--dry-run", join(home, "data/backups", name));
        assert.match(
          tried.stdout,
          /can be restored[^]*It is up to date\.\nThis was a dry run: nothing was changed\.\n$/,
        );
        assert.deepStrictEqual(
          [listed, verified, tried].map(({ code }) => code),
          [0, 0, 0],
        );

        refused(
          yield* npmRun(home, "recover", "--restore", name),
          new RegExp(
            `^Cannot use the database data/data\\.db: process ${bot.pid ?? "?"} uses it already\\. Stop `,
          ),
        );
        assert.deepStrictEqual(yield* inDatabase(path, kept), [[{ guild_id: "1" }, { guild_id: "2" }]]);

        yield* ended(bot);
        const restored = yield* npmRun(home, "recover", "--restore", name);
        assert.strictEqual(restored.code, 0, restored.stderr);
        const [, former = ""] =
          /^Restored \S+\. The database of before is kept as (\S+)\.\nStart the bot: /.exec(
            restored.stdout,
          ) ?? [];
        assert.deepStrictEqual(yield* inDatabase(path, kept), [[{ guild_id: "1" }]]);
        assert.deepStrictEqual(yield* inDatabase(resolve(home, former), kept), [
          [{ guild_id: "1" }, { guild_id: "2" }],
        ]);
      }),
    LIMIT,
  );

  it.scopedLive(
    "refuse a damaged backup, one that is not there, and what they do not know; nothing is changed",
    () =>
      Effect.gen(function* () {
        const home = yield* folder;
        const path = join(home, "data/data.db");
        refused(
          yield* npmRun(home, "backup"),
          /^No backup of data\/data\.db was made: it is not there\. Check the path\.$/m,
        );
        yield* npmRun(home, "migrate");
        yield* inDatabase(path, put(1));
        yield* npmRun(home, "backup");
        const [name = ""] = readdirSync(join(home, "data/backups"));
        const backup = join(home, "data/backups", name);
        const whole = readFileSync(backup);
        // The pages in the middle: the header still says that it is one of ours.
        writeFileSync(
          backup,
          Buffer.concat([whole.subarray(0, 8_192), Buffer.alloc(16_384, 0xff), whole.subarray(24_576)]),
        );
        const files = () => readdirSync(join(home, "data")).sort();
        const before = files();
        for (const how of ["--verify", "--dry-run", "--restore"]) {
          refused(yield* npmRun(home, "recover", how, name), /damaged/);
        }
        refused(yield* npmRun(home, "recover", "--verify", "pawtropolis-of-nobody.db"), /it is not there/);
        refused(
          yield* npmRun(home, "recover"),
          /^Use --list, --verify FILE, --dry-run FILE or --restore FILE/,
        );
        refused(yield* npmRun(home, "backup", "--everything"), /^backup takes no options/);
        assert.deepStrictEqual(files(), before);
        assert.deepStrictEqual(yield* inDatabase(path, kept), [[{ guild_id: "1" }]]);
      }),
    LIMIT,
  );
});

describe("npm run migrate beside a running bot of the version before", () => {
  /** A database to which the newest migration is still to be applied. */
  const older = (path: string) =>
    Effect.gen(function* () {
      const all = Object.entries(migrations);
      yield* Migrator.make({})({ loader: Migrator.fromRecord(Object.fromEntries(all.slice(0, -1))) });
      yield* Effect.forEach([`PRAGMA application_id = ${APPLICATION_ID}`, put(1)], rowsOf);
      return all.at(-1)?.[0] ?? "";
    }).pipe(Effect.provide(Layer.fresh(SqliteClient.layer({ filename: path }))));

  it.scopedLive(
    "backs up, migrates and says whom to restart; the second time it changes nothing",
    () =>
      Effect.gen(function* () {
        const home = yield* folder;
        mkdirSync(join(home, "data"));
        const path = join(home, "data/data.db");
        const backups = join(home, "data/backups");
        const newest = yield* older(path);
        yield* InstanceLock.take(path);
        const bot = yield* SqliteClient.make({ filename: path });
        yield* bot.unsafe(put(2));
        const first = yield* npmRun(home, "migrate");
        assert.strictEqual(first.code, 0, first.stderr);
        const [copy = ""] = readdirSync(backups);
        assert.strictEqual(
          first.stdout,
          `Backed up to ${join(backups, copy)}.\nMigrated data/data.db: ${newest}.\n` +
            `The bot is running (process ${process.pid}). Restart it now, so that it knows what is new.\n`,
        );
        assert.deepStrictEqual(yield* inDatabase(join(backups, copy), kept), [
          [{ guild_id: "1" }, { guild_id: "2" }],
        ]);
        // The bot of before goes on with it until it is restarted.
        yield* bot.unsafe(put(3));
        const whole = "SELECT name, sql FROM sqlite_master ORDER BY name";
        const before = yield* inDatabase(path, whole, "SELECT * FROM effect_sql_migrations", kept);
        const second = yield* npmRun(home, "migrate");
        assert.match(second.stdout, /^Nothing to do: \S+ is up to date \(\d{4}_\w+\)\.\n$/);
        assert.deepStrictEqual(
          yield* inDatabase(path, whole, "SELECT * FROM effect_sql_migrations", kept),
          before,
        );
        assert.deepStrictEqual(readdirSync(backups), [copy]);
        assert.isTrue(existsSync(`${path}.pid`));
      }).pipe(Effect.provide(Reactivity.layer)),
    LIMIT,
  );
});
