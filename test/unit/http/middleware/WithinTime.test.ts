import { HttpServerRequest, HttpServerResponse } from "@effect/platform";
import { assert, describe, it } from "@effect/vitest";
import { Deferred, Effect, TestClock } from "effect";
import * as WithinTime from "../../../../src/http/middleware/WithinTime.js";

/** As the server runs it: nothing but the handler itself can be interrupted, and the answer is sent inside. */
const asked = <E>(handler: Effect.Effect<HttpServerResponse.HttpServerResponse, E>) =>
  Effect.gen(function* () {
    const withinTime = yield* WithinTime.make;
    const sent = yield* Deferred.make<HttpServerResponse.HttpServerResponse, E>();
    yield* withinTime(Effect.interruptible(handler)).pipe(
      Effect.provideService(
        HttpServerRequest.HttpServerRequest,
        HttpServerRequest.fromWeb(new Request("http://127.0.0.1/")),
      ),
      Effect.intoDeferred(sent),
      Effect.uninterruptible,
      Effect.fork,
    );
    return Deferred.await(sent);
  });

describe("a handler", () => {
  it.scoped("that takes longer than 30 seconds is ended, and the client told to come back", () =>
    Effect.gen(function* () {
      let ended = false;
      const sent = yield* asked(
        Effect.onInterrupt(Effect.never, () =>
          Effect.sync(() => {
            ended = true;
          }),
        ),
      );
      yield* TestClock.adjust("29 seconds");
      assert.isFalse(ended);
      yield* TestClock.adjust("2 seconds");
      const { status, headers } = yield* sent;
      assert.deepStrictEqual([status, headers["retry-after"], ended], [503, "10", true]);
    }),
  );

  it.scoped("that answers in time is left alone", () =>
    Effect.gen(function* () {
      const sent = yield* asked(Effect.delay(Effect.succeed(HttpServerResponse.empty()), "25 seconds"));
      yield* TestClock.adjust("40 seconds");
      assert.strictEqual((yield* sent).status, 204);
    }),
  );

  it.scoped("that fails by itself has failed", () =>
    Effect.gen(function* () {
      const sent = yield* asked(Effect.fail("broken"));
      assert.strictEqual(yield* Effect.flip(sent), "broken");
    }),
  );
});
