import { Clock, Context, Deferred, Duration, Effect, Exit, Layer, Queue, Schema } from "effect";

/** Nobody can mend this while the process runs. `problem` says what it is and what to do, in one line. */
export class LostForGood extends Schema.TaggedError<LostForGood>()("LostForGood", {
  problem: Schema.String,
  cause: Schema.optional(Schema.Defect),
}) {
  override get message() {
    return this.problem;
  }
}

/**
 * How long the parts of a stop may take. PM2 kills after five seconds, and what is under way when that happens is done
 * at the next start; so each part has a limit, and the whole has one.
 */
export const STOP = {
  /** Interactions and HTTP requests that are being handled, side by side. */
  handlers: Duration.millis(1_500),
  /** Then what the outbox is doing. */
  sideEffects: Duration.millis(1_200),
  /** Then the goodbye to the gateway. */
  gateway: Duration.millis(500),
  /** Whatever happens. */
  everything: Duration.millis(4_600),
} as const;

/** npm passes on a signal that the terminal has already sent to everybody: two of one kind at once are one. */
const SAME_SIGNAL_MS = 500;

/** When and why the process ends, other than by returning from its start with an error. */
export class Lifecycle extends Context.Tag("app/Lifecycle")<
  Lifecycle,
  {
    /** Ends the process in order, with exit code 0. PM2 starts it again. */
    readonly stop: (reason: string) => Effect.Effect<void>;
    /** Ends the process in order, with exit code 1 and this as its last words. */
    readonly fail: (error: LostForGood) => Effect.Effect<void>;
    /** Waits for either of the two. */
    readonly ended: Effect.Effect<void, LostForGood>;
    /** Waits until a stop has begun, for whatever reason: what would go on for ever ends now. */
    readonly stopping: Effect.Effect<void>;
  }
>() {}

/** Signals as they come. NodeRuntime.runMain begins the stop; this only counts. */
const signals = Effect.gen(function* () {
  const queue = yield* Queue.unbounded<NodeJS.Signals>();
  const listen = (signal: NodeJS.Signals) => void Queue.unsafeOffer(queue, signal);
  yield* Effect.acquireRelease(
    Effect.sync(() => process.on("SIGTERM", listen).on("SIGINT", listen)),
    () => Effect.sync(() => process.off("SIGTERM", listen).off("SIGINT", listen)),
  );
  return queue;
});

/** What nobody caught, wherever in the process it happened. */
const uncaught = (ended: Deferred.Deferred<void, LostForGood>) => {
  const listen = (cause: unknown) => {
    Deferred.unsafeDone(
      ended,
      Exit.fail(
        new LostForGood({
          problem:
            "Something failed that nobody handles; the process ends, because what it holds in memory can no longer be trusted. " +
            "The log has the cause; PM2 starts it again.",
          cause,
        }),
      ),
    );
  };
  return Effect.acquireRelease(
    Effect.sync(() => process.on("uncaughtException", listen).on("unhandledRejection", listen)),
    () => Effect.sync(() => process.off("uncaughtException", listen).off("unhandledRejection", listen)),
  );
};

const leave = (code: number) => Effect.sync(() => process.exit(code));

/** Sees to it that a stop ends in time, or at once when somebody asks a second time. */
const supervise = (
  received: Queue.Dequeue<NodeJS.Signals>,
  ended: Deferred.Deferred<void, LostForGood>,
  stopping: Deferred.Deferred<void>,
) =>
  Effect.gen(function* () {
    const failed = yield* Effect.raceFirst(
      Effect.flatMap(Queue.take(received), (signal) =>
        Effect.as(Effect.logInfo("Stopping", { signal }), false),
      ),
      Effect.matchEffect(Deferred.await(ended), {
        onSuccess: () => Effect.succeed(false),
        onFailure: (error) => Effect.as(Effect.logFatal(error), true),
      }),
    );
    yield* Deferred.succeed(stopping, undefined);
    const began = yield* Clock.currentTimeMillis;
    const again = Effect.repeat(Queue.take(received), {
      until: () => Effect.map(Clock.currentTimeMillis, (now) => now - began > SAME_SIGNAL_MS),
    });
    yield* Effect.raceFirst(
      Effect.zipRight(
        Effect.sleep(STOP.everything),
        Effect.zipRight(
          Effect.logWarning(
            "The stop took too long and was cut short. What was confirmed is stored; what follows from it is done at the next start.",
          ),
          leave(failed ? 1 : 0),
        ),
      ),
      Effect.zipRight(again, Effect.zipRight(Effect.logWarning("Stopped at once"), leave(1))),
    );
  });

export const layer = Layer.scoped(
  Lifecycle,
  Effect.gen(function* () {
    const ended = yield* Deferred.make<void, LostForGood>();
    const stopping = yield* Deferred.make<void>();
    const received = yield* signals;
    yield* uncaught(ended);
    // Not of this scope: it watches how the scopes end.
    yield* Effect.forkDaemon(supervise(received, ended, stopping));
    return Lifecycle.of({
      stop: (reason) =>
        Effect.zipRight(
          Effect.logInfo("Stopping", { reason }),
          Effect.asVoid(Deferred.succeed(ended, undefined)),
        ),
      fail: (error) => Effect.asVoid(Deferred.fail(ended, error)),
      ended: Deferred.await(ended),
      stopping: Deferred.await(stopping),
    });
  }),
);

/** For tests: nothing but the promise; no signal is listened to and no process is ended. */
export const layerTest = Layer.effect(
  Lifecycle,
  Effect.map(Deferred.make<void, LostForGood>(), (ended) =>
    Lifecycle.of({
      stop: () => Effect.asVoid(Deferred.succeed(ended, undefined)),
      fail: (error) => Effect.asVoid(Deferred.fail(ended, error)),
      ended: Deferred.await(ended),
      stopping: Effect.ignore(Deferred.await(ended)),
    }),
  ),
);
