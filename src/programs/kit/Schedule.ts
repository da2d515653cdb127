import { Cause, type Duration, Effect } from "effect";
import * as Instruments from "../../layers/Instruments.js";
import * as Trace from "./Trace.js";

/** A recurring job. It looks at rows, never at timers kept in memory, so that a restart loses nothing. */
export interface RecurringJob<out R> {
  readonly name: string;
  readonly loop: Effect.Effect<never, never, R>;
}

export type Requirements<J> = J extends RecurringJob<infer R> ? R : never;

/** Runs a job now and then every `interval`; a failing run is logged and the next one comes. */
export const every = <R>(
  name: string,
  interval: Duration.DurationInput,
  job: Effect.Effect<void, never, R>,
) => {
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
  const recurring: RecurringJob<R> = {
    name,
    loop: Effect.forever(Effect.zipRight(once, Effect.sleep(interval))),
  };
  return recurring;
};
