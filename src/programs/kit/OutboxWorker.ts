import { Cause, Duration, Effect, FiberSet, Layer, Queue, Schedule } from "effect";
import { Retry, type Attempt, type Consequence, type ConsequenceKind, type SideEffect } from "../../domain/SideEffect.js";
import { Outbox } from "../../services/Outbox.js";
import { type Attempted, Settlement } from "../../services/Settlement.js";
import { attemptOf, type Handlers, type Work } from "./SideEffectHandler.js";

/** Shorter than a lease, longer than Discord's client waits for one bucket. */
const TIME_LIMIT = Duration.seconds(60);
/** At most this many requests wait inside the Discord client; the rest waits in the database. */
const CONCURRENCY = 32;
/** How long a stop waits for what is running. */
const STOP_GRACE = Duration.seconds(2);

const workOf = <K extends ConsequenceKind>(
  payload: Extract<Consequence, { readonly _tag: K }>,
  effect: SideEffect,
  batch: ReadonlyArray<SideEffect>,
): Work<K> => ({ payload, effect, batch });

const dispatch = <R>(handlers: Handlers<R>, effect: SideEffect, batch: ReadonlyArray<SideEffect>) => {
  const { payload } = effect;
  switch (payload._tag) {
    case "GrantRole":
      return handlers.GrantRole(workOf(payload, effect, batch));
    case "KickMember":
      return handlers.KickMember(workOf(payload, effect, batch));
    case "DecisionMessage":
      return handlers.DecisionMessage(workOf(payload, effect, batch));
    case "ReceivedMessage":
      return handlers.ReceivedMessage(workOf(payload, effect, batch));
    case "WelcomePost":
      return handlers.WelcomePost(workOf(payload, effect, batch));
    case "LogPost":
      return handlers.LogPost(workOf(payload, effect, batch));
    case "DrawCard":
      return handlers.DrawCard(workOf(payload, effect, batch));
    case "GateMessage":
      return handlers.GateMessage(workOf(payload, effect, batch));
  }
};

/**
 * Works off the outbox (architecture.md, Durable effects): one side effect a lane at a time, many lanes at once, what an
 * earlier process left running first. Ends with its scope, after what is running has ended.
 */
export const layer = <R>(handlers: Handlers<R>): Layer.Layer<never, never, Outbox | Settlement | R> =>
  Layer.scopedDiscard(
    Effect.gen(function* () {
      const outbox = yield* Outbox;
      const settlement = yield* Settlement;
      const ended = yield* Queue.unbounded<Attempted & { readonly lane: string }>();
      const busy = new Set<string>();
      /** Lanes with work that found no room. */
      const backlog = new Set<string>();
      let stopping = false;

      const attempt = (effect: SideEffect, batch: ReadonlyArray<SideEffect>): Effect.Effect<Attempt, never, R> =>
        dispatch(handlers, effect, batch).pipe(
          Effect.timeoutTo({ duration: TIME_LIMIT, onSuccess: (it) => it, onTimeout: () => Retry("No answer in time.") }),
          Effect.catchAll((error) => Effect.succeed(attemptOf(error))),
          Effect.catchAllCause((cause) =>
            Cause.isInterruptedOnly(cause)
              ? Effect.failCause(Cause.empty)
              : Effect.as(
                  Effect.logError("A side effect failed", cause),
                  Retry("Something went wrong inside the bot; the log has the details."),
                ),
          ),
          Effect.annotateLogs({ sideEffect: effect.id, kind: effect.kind, guild: effect.guildId }),
          Effect.withSpan(`effect ${effect.kind}`),
        );

      const work = ([effect, ...batch]: ReadonlyArray<SideEffect>): Effect.Effect<void, never, R> =>
        effect === undefined
          ? Effect.void
          : Effect.flatMap(attempt(effect, batch), (result) =>
              Queue.offerAll(
                ended,
                [effect, ...batch].map((one) => ({ effect: one, attempt: result, lane: effect.lane })),
              ),
            );

      const running = yield* FiberSet.make<void>();

      const start = Effect.gen(function* () {
        const lanes = yield* Queue.takeBetween(outbox.wake, 1, 1_000);
        if (stopping) return;
        for (const lane of lanes) backlog.add(lane);
        const free = [...backlog].filter((lane) => !busy.has(lane)).slice(0, Math.max(CONCURRENCY - busy.size, 0));
        for (const lane of free) backlog.delete(lane);
        for (const effects of yield* settlement.claim(free)) {
          const lane = effects[0]?.lane;
          if (lane === undefined) continue;
          busy.add(lane);
          yield* FiberSet.run(running, work(effects));
        }
      });

      const finish = Effect.gen(function* () {
        const results = [...(yield* Queue.takeBetween(ended, 1, 200))];
        // What has happened must be written down, however long that takes: the rows would be run again.
        yield* settlement.settle(results).pipe(
          Effect.sandbox,
          Effect.tapError((cause) => Effect.logError("A side effect's outcome could not be stored; trying again", cause)),
          Effect.retry(Schedule.spaced("1 second")),
          Effect.orDie,
        );
        const lanes = new Set(results.map(({ lane }) => lane));
        for (const lane of lanes) busy.delete(lane);
        yield* Effect.forEach(new Set([...lanes, ...backlog]), outbox.poke, { discard: true });
      });

      /** A loop that outlives a failing turn: a full disk today must not stop the work of tomorrow. */
      const forever = (turn: Effect.Effect<void, never, R>, name: string) =>
        turn.pipe(
          Effect.catchAllDefect((defect) =>
            Effect.zipRight(Effect.logError(`The outbox stumbled (${name})`, Cause.die(defect)), Effect.sleep("1 second")),
          ),
          Effect.forever,
          Effect.forkScoped,
        );

      yield* settlement.takeBack(true);
      yield* forever(start, "start");
      yield* forever(finish, "finish");
      yield* forever(
        Effect.gen(function* () {
          yield* settlement.takeBack(false);
          yield* Effect.forEach(yield* settlement.dueLanes, outbox.poke, { discard: true });
          yield* Effect.sleep("250 millis");
        }),
        "clock",
      );
      // Registered last, so that it runs first: the loops above still settle what ends meanwhile.
      yield* Effect.addFinalizer(() =>
        Effect.gen(function* () {
          stopping = true;
          yield* Effect.repeat(Effect.sleep("10 millis"), { until: () => busy.size === 0 }).pipe(
            Effect.timeoutOption(STOP_GRACE),
          );
        }),
      );
    }),
  );

