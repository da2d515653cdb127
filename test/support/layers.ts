/** The services on a real SQLite file with real migrations, a Discord in memory, and a clock that a test drives. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as SqlClient from "@effect/sql/SqlClient";
import { Effect, Exit, Fiber, Layer, Scope, TestClock } from "effect";
import type { Answer } from "../../src/domain/Application.js";
import type { Member } from "../../src/domain/Person.js";
import * as Backups from "../../src/layers/Backups.js";
import * as Config from "../../src/layers/Config.js";
import * as Database from "../../src/layers/Database.js";
import * as Lifecycle from "../../src/layers/Lifecycle.js";
import * as Discord from "../../src/layers/Discord.js";
import * as DiscordOAuth from "../../src/layers/DiscordOAuth.js";
import * as Machine from "../../src/layers/Machine.js";
import * as FallbackFile from "../../src/layers/FallbackFile.js";
import { handlers } from "../../src/programs/effects/index.js";
import * as CardHold from "../../src/programs/kit/CardHold.js";
import * as OutboxWorker from "../../src/programs/kit/OutboxWorker.js";
import * as Traffic from "../../src/programs/kit/Traffic.js";
import { Gate } from "../../src/services/Gate.js";
import * as Services from "../../src/services/index.js";
import { type Setup, Settings } from "../../src/services/Settings.js";
import { ANSWERS, DEN, GUILD, MAYA, member, NOAH, NOW, ROBIN, SETUP } from "./fixtures.js";

/** A folder that is gone with its scope. */
export const folder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "pawtropolis-"))),
  (path) => Effect.sync(() => rmSync(path, { recursive: true, force: true })),
);

/** A fresh database in a file of its own. */
export const database = Layer.unwrapScoped(
  Effect.map(folder, (path) => Database.layerTest(join(path, "data", "data.db"))),
);

/** What the bot sees when it starts: one guild with its channels, its roles and three people. */
const guild = Layer.effectDiscard(
  Effect.flatMap(Discord.DiscordFake, (fake) => fake.putGuild({ ...DEN, members: [ROBIN, MAYA, NOAH] })),
);

/** The world outside the bot, at noon. It outlives the bot. */
export const world = (
  config: Parameters<typeof Config.layerTest>[0] = {},
  storage?: Parameters<typeof Machine.layerTest>[0],
) =>
  Layer.mergeAll(
    Config.layerTest(config),
    Machine.layerTest(storage),
    database,
    Layer.unwrapScoped(Effect.map(folder, FallbackFile.layerTest)),
    Layer.provide(Backups.layer, Config.layerTest(config)),
    Layer.provide(DiscordOAuth.layer, Config.layerTest(config)),
    Lifecycle.layerTest,
    guild.pipe(Layer.provideMerge(Discord.layerTest)),
    Layer.effectDiscard(TestClock.setTime(NOW)),
  );

/** Every service in that world, but nobody who works off the side effects. */
export const services = (config: Parameters<typeof Config.layerTest>[0] = {}) =>
  Services.layer.pipe(Layer.provideMerge(world(config)));

const bot = OutboxWorker.layer(handlers).pipe(
  Layer.provideMerge(CardHold.layer),
  Layer.provideMerge(Traffic.layer),
  Layer.provideMerge(Services.layer),
);

type Bot = Layer.Layer.Success<typeof bot>;
/** What there is to ask inside a bot that was started in the world. */
export type InBot = Bot | Layer.Layer.Success<ReturnType<typeof world>>;

/**
 * Starts a bot in the world, as a process of its own would: nothing in memory is left of an earlier one. `run` does
 * something inside it; `kill` ends it where it stands.
 */
export const startBot = Effect.gen(function* () {
  const scope = yield* Scope.make();
  const context = yield* Layer.buildWithScope(bot, scope);
  const kill = Effect.gen(function* () {
    const closing = yield* Effect.fork(Scope.close(scope, Exit.void));
    yield* TestClock.adjust("5 seconds");
    yield* Fiber.join(closing);
  });
  yield* Effect.addFinalizer(() => kill);
  return {
    kill,
    run: <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, Exclude<R, Bot>> =>
      Effect.provide(effect, context),
  };
});

/** A test in a world of its own. */
export const inWorld = <A, E, R>(test: Effect.Effect<A, E, R>) =>
  test.pipe(Effect.scoped, Effect.provide(world()));

/** Lets a quarter of a second pass, and again, until it is so; fails after `turns`. */
export const eventually = <E, R>(
  what: string,
  isSo: Effect.Effect<boolean, E, R>,
  turns = 40,
): Effect.Effect<void, E, R> =>
  Effect.gen(function* () {
    for (let turn = 0; turn < turns; turn += 1) {
      if (yield* isSo) return;
      yield* TestClock.adjust("250 millis");
    }
    return yield* Effect.dieMessage(`Still not: ${what}`);
  });

export const setUp = (changes: Partial<Setup> = {}) =>
  Effect.flatMap(Settings, (settings) => settings.setUp(GUILD, MAYA, { ...SETUP, ...changes }));

export const apply = (who: Member = member(), answers: ReadonlyArray<Answer> = ANSWERS) =>
  Effect.flatMap(Gate, (gate) => gate.submit(GUILD, who, answers));

/** Waits until the outbox has nothing more to do that it could do. */
export const rested = eventually(
  "the outbox has come to rest",
  Effect.suspend(() =>
    Effect.map(
      rowsOf("SELECT id FROM side_effect WHERE state = 'waiting' AND blocked_by = 0"),
      (waiting) => waiting.length === 0,
    ),
  ),
);

/** Rows as they are stored. */
export const rowsOf = (query: string) =>
  Effect.flatMap(SqlClient.SqlClient, (sql) => sql.unsafe<Record<string, string | number | null>>(query));
