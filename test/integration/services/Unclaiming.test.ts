import { assert, describe, it } from "@effect/vitest";
import { Effect } from "effect";
import { MAYA, NOAH } from "../../support/fixtures.js";
import { applied, claim, log, logged, openNow, unclaim } from "../../support/fixtures-reviews.js";
import { rowsOf, services } from "../../support/layers.js";

const inWorld = Effect.provide(services());

describe("unclaiming", () => {
  it.effect("by the claimer puts the application back", () =>
    Effect.gen(function* () {
      yield* applied;
      yield* claim(MAYA);
      yield* unclaim(MAYA);
      assert.deepInclude(yield* openNow, { status: "pending", claimedBy: null, claimedAt: null });
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
      assert.deepInclude(yield* openNow, { status: "pending", claimedBy: null });
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
