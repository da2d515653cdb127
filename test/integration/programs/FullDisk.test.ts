import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { assert, describe, it } from "@effect/vitest";
import { Effect, Layer, Logger, LogLevel } from "effect";
import * as Database from "../../../src/layers/Database.js";
import { DiscordFake } from "../../../src/layers/Discord.js";
import { commands } from "../../../src/programs/commands/index.js";
import { components } from "../../../src/programs/components/index.js";
import * as CardHold from "../../../src/programs/kit/CardHold.js";
import * as Router from "../../../src/programs/kit/Router.js";
import { ApplyId, fieldOf } from "../../../src/programs/views/Apply.js";
import * as Services from "../../../src/services/index.js";
import { ANSWERS, member, submit } from "../../support/fixtures.js";
import { folder, rowsOf, setUp, world } from "../../support/layers.js";
import { handle, told } from "../../support/layers-router.js";

/** A disk of three megabytes; none where this user may not mount one. */
const smallDisk = Effect.acquireRelease(
  Effect.map(folder, (home) => {
    const path = join(home, "disk");
    mkdirSync(path);
    try {
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=3m", "tmpfs", path], { stdio: "ignore" });
      return path;
    } catch {
      return null;
    }
  }),
  (path) =>
    Effect.sync(() => {
      if (path !== null) execFileSync("umount", ["-l", path]);
    }),
);

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
          Layer.provideMerge(Database.layerTest(join(disk, "data.db"))),
          Layer.provideMerge(world()),
        );
        yield* Effect.gen(function* () {
          yield* setUp();
          yield* rowsOf("PRAGMA wal_checkpoint(TRUNCATE)");
          const filler = join(disk, "filler");
          assert.throws(() => {
            for (;;) writeFileSync(filler, Buffer.alloc(4_096), { flag: "a" });
          }, /ENOSPC/);
          const words = yield* apply;
          assert.match(words, /Something went wrong on our side, and nothing was changed/);
          assert.deepStrictEqual([yield* submitted, yield* logged], [[], []]);

          rmSync(filler);
          assert.match(yield* apply, /^Thank you! Your application \*\*#[0-9a-f]{6}\*\* is in/);
          assert.deepStrictEqual([(yield* submitted).length, (yield* logged).length], [1, 1]);
          assert.deepStrictEqual(yield* rowsOf("PRAGMA integrity_check"), [{ integrityCheck: "ok" }]);
          assert.isNotEmpty(yield* Effect.flatMap(DiscordFake, (fake) => fake.calls));
        }).pipe(Effect.provide(here));
      }).pipe(Effect.scoped, Effect.provide(Logger.minimumLogLevel(LogLevel.None))),
    60_000,
  );
});
