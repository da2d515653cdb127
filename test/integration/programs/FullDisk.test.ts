import { join } from "node:path";
import { assert, describe, it } from "@effect/vitest";
import { Effect, Layer, Logger, LogLevel } from "effect";
import * as Database from "../../../src/layers/Database.js";
import { DiscordFake } from "../../../src/layers/Discord.js";
import { commands } from "../../../src/programs/commands/index.js";
import { components } from "../../../src/programs/components/index.js";
import * as CardHold from "../../../src/programs/kit/CardHold.js";
import * as Router from "../../../src/programs/kit/Router.js";
import { ApplyId, fieldOf, VerifyId } from "../../../src/programs/views/Apply.js";
import * as Services from "../../../src/services/index.js";
import { ANSWERS, member, press, submit } from "../../support/fixtures.js";
import { smallDisk } from "../../support/disks.js";
import { rowsOf, services, setUp, world } from "../../support/layers.js";
import { handle, told } from "../../support/layers-router.js";

const route = Router.make(commands, components);
/** Sends the form; what the applicant is told. */
const apply = Effect.gen(function* () {
  const fields = ANSWERS.map(({ question }): [string, string] => [
    fieldOf(question),
    "Long enough an answer. ".repeat(40),
  ]);
  yield* handle(route, submit(ApplyId.encode({ page: 0 }), member(), fields));
  return (yield* told).at(-1)?.[2] ?? "";
});
/** Nothing has to be written down for that. */
const formOpens = Effect.gen(function* () {
  yield* handle(route, press(VerifyId.encode({}), member()));
  const last = (yield* Effect.flatMap(DiscordFake, (fake) => fake.calls)).at(-1);
  assert.include(
    JSON.stringify(last, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value)),
    "Modal",
  );
});
const NOT_SAVED =
  /^This could not be saved, because the bot cannot write anything down at the moment\. Nothing was changed\. Please try again later/;
const submitted = rowsOf("SELECT id FROM application WHERE status <> 'draft'");
const logged = rowsOf("SELECT id FROM action_log WHERE name = 'app_submitted'");

describe("while the disk is full", () => {
  it.effect(
    "nobody is told that something is stored which is not, and work goes on once there is room",
    ({ skip }) =>
      Effect.gen(function* () {
        const disk = yield* smallDisk;
        if (disk === null) return skip("this user may not mount a small disk");
        const here = CardHold.layer.pipe(
          Layer.provideMerge(Services.layer),
          Layer.provideMerge(Database.layerTest(join(disk.path, "data.db"))),
          Layer.provideMerge(world()),
        );
        yield* Effect.gen(function* () {
          yield* setUp();
          yield* rowsOf("PRAGMA wal_checkpoint(TRUNCATE)");
          disk.fill();
          yield* formOpens;
          assert.match(yield* apply, NOT_SAVED);
          assert.deepStrictEqual([yield* submitted, yield* logged], [[], []]);

          disk.makeRoom();
          assert.match(yield* apply, /^Thank you! Your application \*\*#[0-9a-f]{6}\*\* is in/);
          assert.deepStrictEqual([(yield* submitted).length, (yield* logged).length], [1, 1]);
          assert.deepStrictEqual(yield* rowsOf("PRAGMA integrity_check"), [{ integrityCheck: "ok" }]);
          assert.isNotEmpty(yield* Effect.flatMap(DiscordFake, (fake) => fake.calls));
        }).pipe(Effect.provide(here));
      }).pipe(Effect.scoped, Effect.provide(Logger.minimumLogLevel(LogLevel.None))),
    60_000,
  );
});

describe("while the database may only be read", () => {
  it.effect(
    "the form opens, and whoever sends it is told that it could not be saved; work goes on afterwards",
    () =>
      Effect.gen(function* () {
        yield* setUp();
        // What SQLite says then is the same as for a file that lost its permissions.
        yield* rowsOf("PRAGMA query_only = ON");
        yield* formOpens;
        assert.match(yield* apply, NOT_SAVED);
        assert.deepStrictEqual([yield* submitted, yield* logged], [[], []]);
        yield* rowsOf("PRAGMA query_only = OFF");
        assert.match(yield* apply, /^Thank you! Your application \*\*#[0-9a-f]{6}\*\* is in/);
        assert.deepStrictEqual([(yield* submitted).length, (yield* logged).length], [1, 1]);
      }).pipe(
        Effect.provide(CardHold.layer.pipe(Layer.provideMerge(services()))),
        Effect.provide(Logger.minimumLogLevel(LogLevel.None)),
      ),
  );
});
