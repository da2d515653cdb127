import { assert, describe, it } from "@effect/vitest";
import { Effect } from "effect";
import { Health } from "../../../src/services/Health.js";
import { services, setUp } from "../../support/layers.js";

describe("the report of health", () => {
  it.effect("measures how long the database takes", () =>
    Effect.gen(function* () {
      yield* setUp();
      const health = yield* Health;
      const { database } = yield* health.report;
      assert.isTrue(database.answers);
      assert.isTrue(Number.isSafeInteger(database.millis), `${database.millis}`);
      assert.isAtLeast(database.millis, 0);
    }).pipe(Effect.provide(services())),
  );
});
