import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import * as SqliteClient from "@effect/sql-sqlite-node/SqliteClient";
import { assert, describe, it } from "@effect/vitest";
import { Effect, Either, Exit, Layer, Logger, LogLevel, Option, Scope } from "effect";
import { PasswordProof } from "../../../src/domain/Password.js";
import { BackupName, type BackupRefused, nameAt } from "../../../src/domain/Backup.js";
import * as BackupStore from "../../../src/layers/Backups.js";
import * as Config from "../../../src/layers/Config.js";
import * as Database from "../../../src/layers/Database.js";
import * as DiscordOAuth from "../../../src/layers/DiscordOAuth.js";
import * as Discord from "../../../src/layers/Discord.js";
import * as FallbackFile from "../../../src/layers/FallbackFile.js";
import * as Machine from "../../../src/layers/Machine.js";
import * as Lifecycle from "../../../src/layers/Lifecycle.js";
import { Backups } from "../../../src/services/Backups.js";
import * as Services from "../../../src/services/index.js";
import { MAYA } from "../../support/fixtures.js";
import { apply, folder, rowsOf, setUp } from "../../support/layers.js";

const proof = PasswordProof({ password: "given" });

/** A server with a database on it; `bot` is one life of the bot there. Copies are made by real processes, in real time. */
const server = Effect.gen(function* () {
  const home = yield* folder;
  const path = join(home, "data.db");
  const backupsDir = join(home, "backups");
  const config = Config.layerTest({ databasePath: path, backupsDir });
  const layer = Services.layer.pipe(
    Layer.provideMerge(
      Layer.mergeAll(
        Layer.provide(Database.layer, config),
        Layer.provide(DiscordOAuth.layer, config),
        Layer.provide(BackupStore.layer, config),
        Lifecycle.layerTest,
        Machine.layerTest(),
        FallbackFile.layerTest(join(home, "fallback")),
        Discord.layerTest,
        config,
      ),
    ),
  );
  const bot = <A, E>(life: Effect.Effect<A, E, Layer.Layer.Success<typeof layer>>) =>
    Effect.acquireUseRelease(
      Scope.make(),
      (scope) =>
        Effect.flatMap(Layer.buildWithScope(Layer.fresh(layer), scope), (context) =>
          Effect.provide(life, context),
        ),
      (scope) => Scope.close(scope, Exit.void),
    );
  return { home, path, backupsDir, bot };
});

const onServer = <A, E>(
  test: (place: Effect.Effect.Success<typeof server>) => Effect.Effect<A, E, Scope.Scope>,
) => Effect.flatMap(server, test).pipe(Effect.scoped, Effect.provide(Logger.minimumLogLevel(LogLevel.None)));

const nightly = Effect.flatMap(Backups, (backups) => backups.nightly);
const counts = Effect.map(
  rowsOf(
    "SELECT (SELECT COUNT(*) FROM application) AS applications, (SELECT COUNT(*) FROM action_log WHERE name = 'restore') AS restores",
  ),
  ([row]) => row,
);
const theirs = (path: string, ...statements: ReadonlyArray<string>) =>
  Effect.provide(
    Effect.forEach(statements, (statement) => rowsOf(statement)),
    Layer.fresh(SqliteClient.layer({ filename: path, disableWAL: true })),
  );

const LIMIT = 180_000;

describe("the backup of the night", () => {
  it.live(
    "holds what was there, is recorded once in each server's log, and is not made twice a night",
    () =>
      onServer(({ bot, backupsDir }) =>
        Effect.gen(function* () {
          const made = yield* bot(
            Effect.gen(function* () {
              yield* Effect.all([setUp(), apply()]);
              const first = Option.getOrThrow(yield* nightly);
              assert.isTrue(Option.isNone(yield* nightly));
              const logged = yield* rowsOf("SELECT actor, details FROM action_log WHERE name = 'backup'");
              const details = JSON.stringify({ file: first.name, bytes: first.bytes });
              assert.deepStrictEqual(logged, [{ actor: "system", details }]);
              return first;
            }),
          );
          assert.deepStrictEqual(readdirSync(backupsDir), [made.name]);
          const [rows] = yield* theirs(join(backupsDir, made.name), "SELECT COUNT(*) AS n FROM application");
          assert.deepStrictEqual(rows, [{ n: 1 }]);
        }),
      ),
    LIMIT,
  );

  it.live(
    "removes what rotation does not keep, and nothing that is not its own",
    () =>
      onServer(({ bot, backupsDir }) =>
        Effect.gen(function* () {
          mkdirSync(backupsDir);
          const old = Array.from({ length: 60 }, (_, day) => nameAt(Date.UTC(2020, 0, 1 + day), "nightly"));
          for (const name of [...old, "mine.db", nameAt(Date.UTC(2020, 0, 1), "manual")]) {
            writeFileSync(join(backupsDir, name), "");
          }
          yield* bot(nightly);
          const left = readdirSync(backupsDir);
          assert.include(left, "mine.db");
          assert.include(left, nameAt(Date.UTC(2020, 0, 1), "manual"));
          assert.isBelow(left.length, 15);
        }),
      ),
    LIMIT,
  );

  it.live(
    "that cannot be written says why, leaves no part of itself, and the old ones stay",
    () =>
      onServer(({ bot, home, backupsDir }) =>
        Effect.gen(function* () {
          const error = yield* bot(
            Effect.gen(function* () {
              yield* nightly;
              renameSync(backupsDir, join(home, "elsewhere"));
              writeFileSync(backupsDir, "a file where the folder was");
              return yield* Effect.flip(nightly);
            }),
          );
          assert.include(error.message, "backups");
          assert.strictEqual(readdirSync(join(home, "elsewhere")).length, 1);
        }),
      ),
    LIMIT,
  );
});

describe("a restore", () => {
  /** Two applications, of which the backup knows one. */
  const story = ({ bot }: Effect.Effect.Success<typeof server>) =>
    bot(
      Effect.gen(function* () {
        yield* Effect.all([setUp(), apply()]);
        const backup = Option.getOrThrow(yield* nightly);
        yield* rowsOf(
          "INSERT INTO application SELECT 'later', guild_id, '1', 'ffffff', username, display_name, avatar_url, joined_at, 'withdrawn', version, answers, submitted_at, claimed_by, claimed_at, decided_by, decided_at, reason, left_at, card_channel_id, card_message_id, created_at, updated_at FROM application LIMIT 1",
        );
        const backups = yield* Backups;
        const rehearsal = yield* backups.rehearse(backup.name);
        assert.deepStrictEqual([rehearsal.contents.rows["application"], rehearsal.pending], [1, []]);
        const restored = yield* backups.restore(backup.name, MAYA, proof);
        yield* Effect.flatMap(Lifecycle.Lifecycle, ({ ended }) => ended);
        // Until the restart nothing has changed.
        assert.deepInclude(yield* counts, { applications: 2 });
        return restored;
      }),
    );

  const nextStart = Effect.gen(function* () {
    yield* Effect.flatMap(Backups, (backups) => backups.recordRestore);
    return yield* counts;
  });

  it.live(
    "ends the process, is in place at the next start, keeps what was there, and is in the log once",
    () =>
      onServer((place) =>
        Effect.gen(function* () {
          const { kept } = yield* story(place);
          assert.deepStrictEqual(yield* place.bot(nextStart), { applications: 1, restores: 1 });
          assert.deepStrictEqual(yield* place.bot(nextStart), { applications: 1, restores: 1 });
          const [before] = yield* theirs(kept, "SELECT COUNT(*) AS n FROM application");
          assert.deepStrictEqual(before, [{ n: 2 }]);
          const [actor] = yield* theirs(place.path, "SELECT actor FROM action_log WHERE name = 'restore'");
          assert.deepStrictEqual(actor, [{ actor: MAYA }]);
          assert.deepStrictEqual(
            readdirSync(place.home).filter((file) => /restor/.test(file) && !file.includes("before-restore")),
            [],
          );
        }),
      ),
    LIMIT,
  );

  it.live(
    "that is interrupted between any two of its steps is finished at the next start",
    () =>
      onServer((place) =>
        Effect.gen(function* () {
          const { kept } = yield* story(place);
          const { home, path } = place;
          const snapshot = join(home, "snapshot");
          mkdirSync(snapshot);
          const files = readdirSync(home).filter((file) => file.startsWith("data.db"));
          for (const file of files) copyFileSync(join(home, file), join(snapshot, file));
          // What a crash leaves after each step: a WAL that the old database had not taken in makes it harder.
          const steps: ReadonlyArray<() => void> = [
            () => undefined,
            () => renameSync(path, kept),
            () => {
              if (existsSync(`${path}-wal`)) renameSync(`${path}-wal`, `${kept}-wal`);
            },
            () => renameSync(`${path}.restoring`, path),
          ];
          for (let done = 0; done <= steps.length; done += 1) {
            for (const file of readdirSync(home).filter((name) => name.startsWith("data.db")))
              rmSync(join(home, file));
            for (const file of files) copyFileSync(join(snapshot, file), join(home, file));
            for (const step of steps.slice(0, done)) step();
            assert.deepStrictEqual(yield* place.bot(nextStart), { applications: 1, restores: 1 });
            assert.isTrue(existsSync(kept));
          }
        }),
      ),
    LIMIT,
  );

  it.live(
    "of a file that is no backup of this bot is refused, with what it is instead",
    () =>
      onServer((place) =>
        Effect.gen(function* () {
          const { backupsDir } = place;
          const good = yield* place.bot(
            Effect.gen(function* () {
              yield* Effect.all([setUp(), apply()]);
              return Option.getOrThrow(yield* nightly);
            }),
          );
          const at = (n: number) => nameAt(Date.UTC(2021, 0, n), "manual");
          const [truncated, foreign, newer, text, empty] = [at(1), at(2), at(3), at(4), at(5)];
          writeFileSync(join(backupsDir, truncated), readFileSync(good.path).subarray(0, 20_000));
          yield* theirs(join(backupsDir, foreign), "CREATE TABLE precious (thing TEXT)");
          copyFileSync(good.path, join(backupsDir, newer));
          yield* theirs(
            join(backupsDir, newer),
            "INSERT INTO effect_sql_migrations (migration_id, name) VALUES (9999, 'future')",
          );
          writeFileSync(join(backupsDir, text), "no database at all. ".repeat(500));
          writeFileSync(join(backupsDir, empty), "");
          const refusals = yield* place.bot(
            Effect.gen(function* () {
              const backups = yield* Backups;
              return yield* Effect.forEach([truncated, foreign, newer, text, empty], (name) =>
                Effect.map(Effect.either(backups.restore(name, MAYA, proof)), Either.flip),
              );
            }),
          );
          assert.deepStrictEqual(
            refusals.map((refusal) => Option.getOrThrow(Either.getRight(refusal))._tag),
            Array.from({ length: 5 }, () => "BackupRefused" as const satisfies BackupRefused["_tag"]),
          );
          const words = refusals.map((refusal) => Option.getOrThrow(Either.getRight(refusal)).problem);
          assert.match(
            words.join("\n"),
            /damaged.*\n.*another program.*\n.*newer version.*\n.*damaged.*\n.*empty/,
          );
          assert.deepStrictEqual(
            readdirSync(place.home).filter((file) => file.includes("restor")),
            [],
          );
          const missing = yield* place.bot(
            Effect.flatMap(Backups, (backups) =>
              Effect.flip(backups.restore(BackupName.make(at(9)), MAYA, proof)),
            ),
          );
          assert.include(missing.problem, "it is not there");
        }),
      ),
    LIMIT,
  );
});

describe("a check", () => {
  it.live(
    "finds a sound database sound while it is used, and says how big it is",
    () =>
      onServer(({ bot }) =>
        Effect.gen(function* () {
          const report = yield* bot(
            Effect.gen(function* () {
              yield* Effect.all([setUp(), apply()]);
              return yield* Effect.flatMap(Backups, (backups) => backups.check);
            }),
          );
          assert.deepStrictEqual(report.problems, []);
          assert.isAbove(report.size.databaseBytes + report.size.walBytes, 10_000);
        }),
      ),
    LIMIT,
  );
});
