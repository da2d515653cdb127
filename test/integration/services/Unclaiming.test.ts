import { assert, describe, it } from "@effect/vitest";
import { Effect } from "effect";
import type { UserId } from "../../../src/domain/Ids.js";
import { Applications, type Reference } from "../../../src/services/Applications.js";
import { Reviews } from "../../../src/services/Reviews.js";
import { GUILD, MAYA, NOAH, ROBIN } from "../../support/fixtures.js";
import { apply, rowsOf, services, setUp } from "../../support/layers.js";

const inWorld = Effect.provide(services());

const ROBINS: Reference = { _tag: "Person", userId: ROBIN };
const claim = (by: UserId) =>
  Effect.flatMap(Reviews, (reviews) =>
    reviews.claim(GUILD, ROBINS, { id: by, admin: false, via: "command" }),
  );
const unclaim = (by: UserId, admin = false) =>
  Effect.flatMap(Reviews, (reviews) => reviews.unclaim(GUILD, ROBINS, { id: by, admin, via: "command" }));
const now = Effect.map(
  Effect.flatMap(Applications, (applications) => applications.queue(GUILD, 10)),
  ([application]) => application ?? assert.fail("nothing is open"),
);
/** Who did what since the application was sent, oldest first. */
const log = rowsOf("SELECT name, actor, reason FROM action_log WHERE seq > 2 ORDER BY seq");
const logged = (name: string, actor: string, reason: string | null = null) => ({ name, actor, reason });

const applied = Effect.zipRight(setUp(), apply());

describe("unclaiming", () => {
  it.effect("by the claimer puts the application back", () =>
    Effect.gen(function* () {
      yield* applied;
      yield* claim(MAYA);
      yield* unclaim(MAYA);
      assert.deepInclude(yield* now, { status: "pending", claimedBy: null, claimedAt: null });
      assert.deepStrictEqual(yield* log, [logged("claim", MAYA), logged("unclaim", MAYA)]);
      yield* claim(NOAH);
    }).pipe(inWorld),
  );

  it.effect("somebody else's takes an admin, and the log says whose it was", () =>
    Effect.gen(function* () {
      yield* applied;
      yield* claim(MAYA);
      assert.deepInclude(yield* Effect.flip(unclaim(NOAH)), { _tag: "NotClaimer", claimedBy: MAYA });
      yield* unclaim(NOAH, true);
      assert.deepInclude(yield* now, { status: "pending", claimedBy: null });
      const [row] = yield* rowsOf("SELECT details FROM action_log WHERE name = 'unclaim'");
      assert.deepInclude(JSON.parse(String(row?.["details"])), { claimed_by: MAYA });
    }).pipe(inWorld),
  );

  it.effect("what nobody has claimed is refused", () =>
    Effect.gen(function* () {
      yield* applied;
      assert.strictEqual((yield* Effect.flip(unclaim(MAYA, true)))._tag, "IllegalTransition");
      assert.deepStrictEqual(yield* log, []);
    }).pipe(inWorld),
  );
});
