import { Context, Effect, Layer } from "effect";

/** While more people than this wait for an answer, side effects that have not begun stand back. */
const BUSY = 4;
/** But never longer than this at a time. */
const PATIENCE = "500 millis";

/** How many people wait for an answer at this moment. They come first. */
export class Traffic extends Context.Tag("app/Traffic")<
  Traffic,
  {
    /** Counts somebody as waiting while `effect` runs. */
    readonly during: <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>;
    /** Waits until few wait, or for half a second. */
    readonly calm: Effect.Effect<void>;
  }
>() {}

const make = Effect.sync(() => {
  let waiting = 0;
  return Traffic.of({
    during: (effect) =>
      Effect.acquireUseRelease(
        Effect.sync(() => {
          waiting += 1;
        }),
        () => effect,
        () =>
          Effect.sync(() => {
            waiting -= 1;
          }),
      ),
    calm: Effect.suspend(() =>
      waiting < BUSY
        ? Effect.void
        : Effect.asVoid(
            Effect.timeoutOption(
              Effect.repeat(Effect.sleep("5 millis"), { until: () => waiting < BUSY }),
              PATIENCE,
            ),
          ),
    ),
  });
});

export const layer = Layer.effect(Traffic, make);
