import { Cause, type Duration, Effect } from "effect";
import * as Instruments from "../../layers/Instruments.js";
import * as Trace from "./Trace.js";

/** A recurring job. It looks at rows, never at timers kept in memory, so that a restart loses nothing. */
export interface RecurringJob<out R> {
  readonly name: string;
  readonly loop: Effect.Effect<never, never, R>;
}

export type Requirements<J> = J extends RecurringJob<infer R> ? R : never;

/** Runs a job now and then every `interval`, which may be configured; a failing run is logged and the next one comes. */
export const every = <R, C = never>(
  name: string,
  interval: Duration.DurationInput | Effect.Effect<Duration.DurationInput, never, C>,
  job: Effect.Effect<void, never, R>,
) => {
  const pause = Effect.flatMap(Effect.isEffect(interval) ? interval : Effect.succeed(interval), Effect.sleep);
  const once = job.pipe(
    Effect.tap(() => Effect.sync(() => Instruments.job(name, "ok"))),
    Effect.catchAllCause((cause) =>
      Cause.isInterruptedOnly(cause)
        ? Effect.failCause(cause)
        : Effect.zipRight(
            Effect.sync(() => Instruments.job(name, "failed")),
            Effect.logError("A recurring job failed", cause),
          ),
    ),
    Trace.marked({ job: name }),
    Effect.withSpan(`job ${name}`, { captureStackTrace: false }),
  );
  const recurring: RecurringJob<R | C> = {
    name,
    loop: Effect.forever(Effect.zipRight(once, pause)),
  };
  return recurring;
};
