import type { HttpApp } from "@effect/platform";
import { Cause, Effect, Fiber, Schedule } from "effect";
import { overloaded } from "./Told.js";

const MOST_MS = 30_000;
const EVERY = Schedule.spaced("1 second");

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
  ).pipe(Effect.repeat(EVERY), Effect.forkScoped);

  return <E, R>(app: HttpApp.Default<E, R>): HttpApp.Default<E, R> =>
    Effect.withFiberRuntime((fiber) =>
      Effect.clockWith((clock) => {
        const one = { fiber, began: clock.unsafeCurrentTimeMillis(), late: false };
        running.add(one);
        return app.pipe(
          Effect.onExit(() => Effect.sync(() => running.delete(one))),
          Effect.catchAllCause((cause) =>
            one.late && Cause.isInterruptedOnly(cause) ? Effect.succeed(late) : Effect.failCause(cause),
          ),
        );
      }),
    );
});
