import { copyFileSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as SqliteClient from "@effect/sql-sqlite-node/SqliteClient";
import { assert, describe, it } from "@effect/vitest";
import { ApplicationCommandOptionType, PermissionFlagsBits } from "discord.js";
import { Effect, Fiber, Layer, Logger, LogLevel, Option, Redacted, TestClock } from "effect";
import { nameAt } from "../../../src/domain/Backup.js";
import * as BackupStore from "../../../src/layers/Backups.js";
import * as Config from "../../../src/layers/Config.js";
import * as Database from "../../../src/layers/Database.js";
import { DiscordFake } from "../../../src/layers/Discord.js";
import type { Interaction } from "../../../src/layers/discord/Interaction.js";
import * as Lifecycle from "../../../src/layers/Lifecycle.js";
import { commands } from "../../../src/programs/commands/index.js";
import { components } from "../../../src/programs/components/index.js";
import * as CardHold from "../../../src/programs/kit/CardHold.js";
import * as Router from "../../../src/programs/kit/Router.js";
import { RestoreFormId, RestoreId } from "../../../src/programs/views/Database.js";
import { CONFIRM_FIELD, PASSWORD_FIELD } from "../../../src/programs/views/PasswordForm.js";
import { Backups } from "../../../src/services/Backups.js";
import * as Services from "../../../src/services/index.js";
import { command, MAYA, member, NOAH, press, reviewer, ROBIN, submit } from "../../support/fixtures.js";
import { apply, folder, rowsOf, setUp, world } from "../../support/layers.js";

const owner = member(MAYA);
const admin = member(NOAH, { permissions: PermissionFlagsBits.ManageGuild });

/** What the process does takes real time; what waits for an answer goes by the clock of the test. */
const inRealTime = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.gen(function* () {
    const fiber = yield* Effect.fork(effect);
    for (let turn = 0; turn < 3_000; turn += 1) {
      yield* TestClock.adjust("25 millis");
      yield* Effect.promise(() => new Promise((done) => setTimeout(done, 20)));
      if ((yield* Fiber.status(fiber))._tag === "Done") break;
    }
    return yield* Fiber.join(fiber);
  });

/** Handles an interaction. @returns all that was answered, as text. */
const ask = (interaction: Interaction) =>
  Effect.gen(function* () {
    const fake = yield* DiscordFake;
    const before = (yield* fake.calls).length;
    yield* inRealTime(Router.make(commands, components)(interaction));
    return JSON.stringify((yield* fake.calls).slice(before), (_, value: unknown) =>
      typeof value === "bigint" ? String(value) : value,
    );
  });
const check = (actor = admin) => ask(command("database", actor, [], "check"));
const recover = (backup?: string, actor = owner) =>
  ask(
    command(
      "database",
      actor,
      backup === undefined ? [] : [["backup", { type: ApplicationCommandOptionType.String, value: backup }]],
      "recover",
    ),
  );

const on = <A, E>(
  test: (place: {
    readonly home: string;
    readonly backupsDir: string;
  }) => Effect.Effect<A, E, Layer.Layer.Success<ReturnType<typeof bot>>>,
) =>
  Effect.gen(function* () {
    const home = yield* folder;
    const backupsDir = join(home, "backups");
    return yield* Effect.provide(test({ home, backupsDir }), bot(join(home, "data.db"), backupsDir));
  }).pipe(Effect.scoped, Effect.provide(Logger.minimumLogLevel(LogLevel.None)));

const bot = (databasePath: string, backupsDir: string) => {
  const settings = {
    databasePath,
    backupsDir,
    ownerIds: [MAYA],
    resetPassword: Redacted.make("open sesame"),
  };
  const config = Config.layerTest(settings);
  return CardHold.layer.pipe(
    Layer.provideMerge(Services.layer),
    Layer.provideMerge(
      Layer.mergeAll(Layer.provide(Database.layer, config), Layer.provide(BackupStore.layer, config)),
    ),
    Layer.provideMerge(world(settings)),
  );
};

const backup = Effect.gen(function* () {
  const backups = yield* Backups;
  return Option.getOrThrow(yield* inRealTime(backups.nightly));
});

const LIMIT = 120_000;

describe("/database check", () => {
  it.effect(
    "says that the database is sound, how big it is and when it was backed up, to admins",
    () =>
      on(() =>
        Effect.gen(function* () {
          yield* Effect.all([setUp(), apply()]);
          const before = yield* check();
          assert.include(before, "The database is sound");
          assert.match(before, /✅ this server: \d+ rows, whole/);
          assert.include(before, "none yet; one is made every night");
          yield* backup;
          assert.match(yield* check(), /<t:\d+:R> \(nightly, \d+ kB\)/);
          assert.include(yield* check(reviewer(ROBIN)), "admin");
          assert.notInclude(yield* check(reviewer(ROBIN)), "sound");
        }),
      ),
    LIMIT,
  );
});

describe("/database check of a log that somebody has touched", () => {
  it.effect(
    "names the first broken row, and is not called sound",
    () =>
      on(() =>
        Effect.gen(function* () {
          yield* Effect.all([setUp(), apply()]);
          yield* rowsOf("DROP TRIGGER action_log_no_update");
          yield* rowsOf("UPDATE action_log SET reason = 'nicer' WHERE seq = 2");
          const words = yield* check();
          assert.include(words, "The log is not what the bot wrote");
          assert.match(words, /❌ this server: row 2 \(\w{26}\) was changed/);
          assert.notInclude(words, "sound");
        }),
      ),
    LIMIT,
  );
});

describe("/database recover", () => {
  it.effect(
    "lists, tries a backup on a copy, and restores it for the right password alone",
    () =>
      on(({ home, backupsDir }) =>
        Effect.gen(function* () {
          assert.include(yield* recover(), "There are no backups yet");
          yield* Effect.all([setUp(), apply()]);
          const { name } = yield* backup;
          assert.include(yield* recover(), name);

          const tried = yield* recover(name);
          assert.include(tried, "This backup is sound");
          assert.include(tried, "1 applications");
          assert.include(tried, RestoreId.encode({ backup: name }));
          assert.include(yield* ask(press(RestoreId.encode({ backup: name }), owner)), "Restore a backup");

          const send = (password: string, actor = owner) =>
            ask(
              submit(RestoreFormId.encode({ backup: name }), actor, [
                [CONFIRM_FIELD, "RESTORE"],
                [PASSWORD_FIELD, password],
              ]),
            );
          const staged = () => readdirSync(home).filter((file) => file.includes("restor"));
          assert.include(yield* send("open barley"), "That is not the password");
          assert.include(yield* send("open sesame", admin), "owner");
          assert.deepStrictEqual(staged(), []);
          assert.deepStrictEqual(readdirSync(backupsDir), [name]);

          assert.include(yield* send("open sesame"), "The bot restarts now");
          assert.isNotEmpty(staged());
          yield* inRealTime(Effect.flatMap(Lifecycle.Lifecycle, ({ ended }) => ended));
          assert.strictEqual((yield* rowsOf("SELECT id FROM application")).length, 1);
        }),
      ),
    LIMIT,
  );

  it.effect(
    "is for owners alone, and says what is wrong with a file that it refuses",
    () =>
      on(({ backupsDir }) =>
        Effect.gen(function* () {
          yield* Effect.all([setUp(), apply()]);
          const good = yield* backup;
          for (const actor of [admin, reviewer(ROBIN), member()]) {
            const words = yield* recover(good.name, actor);
            assert.include(words, "owner");
            assert.notInclude(words, "sound");
          }
          const file = (n: number) => nameAt(Date.UTC(2021, 0, n), "manual");
          const sql = (name: string, statement: string) =>
            Effect.provide(
              Effect.flatMap(SqliteClient.SqliteClient, (client) => client.unsafe(statement)),
              Layer.fresh(SqliteClient.layer({ filename: join(backupsDir, name), disableWAL: true })),
            );
          writeFileSync(join(backupsDir, file(1)), readFileSync(good.path).subarray(0, 20_000));
          yield* sql(file(2), "CREATE TABLE precious (thing TEXT)");
          copyFileSync(good.path, join(backupsDir, file(3)));
          yield* sql(
            file(3),
            "INSERT INTO effect_sql_migrations (migration_id, name) VALUES (9999, 'future')",
          );
          assert.include(yield* recover(file(1)), "damaged");
          assert.include(yield* recover(file(2)), "another program");
          assert.include(yield* recover(file(3)), "a newer version of the bot has used it");
          assert.include(yield* recover(file(4)), "it is not there");
          assert.include(yield* recover("../data.db"), "is not the name of a backup");
        }),
      ),
    LIMIT,
  );
});
