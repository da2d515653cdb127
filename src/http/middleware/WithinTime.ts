import type { HttpApp } from "@effect/platform";
import { Cause, Duration, Effect, Fiber } from "effect";
import { overloaded } from "./Told.js";

const MOST_MS = 30_000;
const EVERY = Duration.seconds(1);

const late = overloaded("The answer took longer than 30 seconds.");

/**
 * Ends handlers that take longer than 30 seconds, for a stream those that take so long to begin it. One fiber looks at
 * all requests: a timer for each of them (`Effect.timeout`) would cost as much as an average answer, 100 µs.
 */
export const make = Effect.gen(function* () {
  const running = new Set<{
    readonly fiber: Fiber.RuntimeFiber<unknown, unknown>;
    readonly began: number;
    late: boolean;
  }>();
  /** Open while there is something to look at: an idle server has nothing to wake up for. */
  const busy = yield* Effect.makeLatch();
  yield* Effect.clockWith((clock) =>
    Effect.suspend(() => {
      const overdue = clock.unsafeCurrentTimeMillis() - MOST_MS;
      const slow = [...running].filter(({ began, late }) => began <= overdue && !late);
      return Effect.forEach(
        slow,
        (one) => {
          one.late = true;
          return Fiber.interruptFork(one.fiber);
        },
        { discard: true },
      );
    }),
  ).pipe(
    Effect.delay(EVERY),
    Effect.zipRight(Effect.suspend(() => (running.size === 0 ? busy.close : Effect.void))),
    busy.whenOpen,
    Effect.forever,
    Effect.forkScoped,
  );

  return <E, R>(app: HttpApp.Default<E, R>): HttpApp.Default<E, R> =>
    Effect.withFiberRuntime((fiber) =>
      Effect.clockWith((clock) => {
        const one = { fiber, began: clock.unsafeCurrentTimeMillis(), late: false };
        running.add(one);
        busy.unsafeOpen();
        return app.pipe(
          Effect.onExit(() => Effect.sync(() => running.delete(one))),
          Effect.catchAllCause((cause) =>
            one.late && Cause.isInterruptedOnly(cause) ? Effect.succeed(late) : Effect.failCause(cause),
          ),
        );
      }),
    );
});
