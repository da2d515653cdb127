import { Cause, Duration, Effect, FiberSet, Layer, Option, Queue, Schedule } from "effect";
import {
  type Attempt,
  type Consequence,
  type ConsequenceKind,
  DECISION_KINDS,
  isPersonal,
  Retry,
} from "../../domain/SideEffect.js";
import { STOP } from "../../layers/Lifecycle.js";
import { type Ended, Outbox } from "../../services/Outbox.js";
import { Settlement, type Task } from "../../services/Settlement.js";
import { attemptOf, type Handlers, type Work } from "./SideEffectHandler.js";
import { Traffic } from "./Traffic.js";

const TIME_LIMIT = Duration.seconds(60);
/** At most this many requests wait inside the Discord client; the rest waits in the database. */
const CONCURRENCY = 64;
/** Of them at most this many in lanes of single people; cards, roles and the log never wait for those. */
const PERSONAL = 32;
/** How long outcomes that nothing depends on may wait for others, to be written down together. */
const GATHER = Duration.millis(25);
/** How often the clock looks for side effects whose time has come. */
const TICK = Duration.millis(250);

const workOf = <K extends ConsequenceKind>(
  payload: Extract<Consequence, { readonly _tag: K }>,
  { effects: [effect, ...batch], repeated }: Task,
): Work<K> => ({ payload, effect, batch, repeated });

const dispatch = <R>(handlers: Handlers<R>, task: Task) => {
  const { payload } = task.effects[0];
  switch (payload._tag) {
    case "GrantRole":
      return handlers.GrantRole(workOf(payload, task));
    case "KickMember":
      return handlers.KickMember(workOf(payload, task));
    case "BulkBan":
      return handlers.BulkBan(workOf(payload, task));
    case "DecisionMessage":
      return handlers.DecisionMessage(workOf(payload, task));
    case "ReceivedMessage":
      return handlers.ReceivedMessage(workOf(payload, task));
    case "ReleasedMessage":
      return handlers.ReleasedMessage(workOf(payload, task));
    case "ResetMessage":
      return handlers.ResetMessage(workOf(payload, task));
    case "WelcomePost":
      return handlers.WelcomePost(workOf(payload, task));
    case "PingPost":
      return handlers.PingPost(workOf(payload, task));
    case "LogPost":
      return handlers.LogPost(workOf(payload, task));
    case "DrawCard":
      return handlers.DrawCard(workOf(payload, task));
    case "GateMessage":
      return handlers.GateMessage(workOf(payload, task));
    case "DrawDigest":
      return handlers.DrawDigest(workOf(payload, task));
    case "JoinWaveAlert":
      return handlers.JoinWaveAlert(workOf(payload, task));
    case "LogNotice":
      return handlers.LogNotice(workOf(payload, task));
    case "FlagPost":
      return handlers.FlagPost(workOf(payload, task));
    case "DeleteMessage":
      return handlers.DeleteMessage(workOf(payload, task));
  }
};

/** Whether something or somebody waits for this outcome to be written down. */
const urgent = (one: Ended): boolean =>
  one._tag === "Attempted" &&
  (one.attempt._tag !== "Done" ||
    one.attempt.posted !== null ||
    DECISION_KINDS.some((kind) => kind === one.effect.kind));

/** A loop that outlives a failing turn: a full disk today must not stop the work of tomorrow. */
const forever = <R>(name: string, turn: Effect.Effect<void, never, R>) =>
  turn.pipe(
    Effect.catchAllDefect((defect) =>
      Effect.zipRight(
        Effect.logError(`The outbox stumbled (${name})`, Cause.die(defect)),
        Effect.sleep("1 second"),
      ),
    ),
    Effect.forever,
    Effect.forkScoped,
  );

/**
 * Works off the outbox (architecture.md, Durable effects): one side effect a lane at a time, many lanes at once, people
 * who wait for an answer first. Ends with its scope, after what is running has ended.
 */
export const layer = <R>(
  handlers: Handlers<R>,
): Layer.Layer<never, never, Outbox | Settlement | Traffic | R> =>
  Layer.scopedDiscard(
    Effect.gen(function* () {
      const outbox = yield* Outbox;
      const settlement = yield* Settlement;
      const traffic = yield* Traffic;
      const running = yield* FiberSet.make<void>();
      /** Somebody waits for what has ended to be written down. */
      const hurry = yield* Queue.sliding<void>(1);
      const busy = new Set<string>();
      /** Lanes to look at as soon as they are free and there is room: those that everybody shares, and people's own. */
      const shared = new Set<string>();
      const personal = new Set<string>();
      const backlogOf = (lane: string) => (isPersonal(lane) ? personal : shared);
      const isWanted = (lane: string) => backlogOf(lane).has(lane);
      let busyWithPeople = 0;
      const setBusy = (lane: string, isBusy: boolean) => {
        if (isBusy === busy.has(lane)) return;
        if (isBusy) busy.add(lane);
        else busy.delete(lane);
        if (isPersonal(lane)) busyWithPeople += isBusy ? 1 : -1;
      };
      let stopping = false;

      const attempt = (task: Task): Effect.Effect<Attempt, never, R> =>
        dispatch(handlers, task).pipe(
          Effect.timeoutTo({
            duration: TIME_LIMIT,
            onSuccess: (it) => it,
            onTimeout: () => Retry("No answer in time."),
          }),
          Effect.catchAll((error) => Effect.succeed(attemptOf(error))),
          Effect.catchAllDefect((defect) =>
            Effect.as(
              Effect.logError("A side effect failed", Cause.die(defect)),
              Retry("Something went wrong inside the bot; the log has the details."),
            ),
          ),
          Effect.annotateLogs({
            trace: task.effects[0].id,
            effect: task.effects[0].kind,
            guild: task.effects[0].guildId,
          }),
          Effect.withSpan(`effect ${task.effects[0].kind}`, { captureStackTrace: false }),
        );

      const work = (task: Task): Effect.Effect<void, never, R> =>
        Effect.gen(function* () {
          const result = yield* attempt(task);
          const ended = task.effects.map((effect): Ended => ({
            _tag: "Attempted",
            effect,
            attempt: result,
          }));
          yield* Queue.offerAll(outbox.ended, ended);
          if (ended.some(urgent) || isWanted(task.effects[0].lane)) yield* Queue.offer(hurry, undefined);
        });

      const begin = (lane: string): Effect.Effect<void, never, R> =>
        Effect.gen(function* () {
          if (busy.has(lane)) return;
          backlogOf(lane).delete(lane);
          const task = yield* settlement.next(lane);
          if (Option.isNone(task)) return;
          setBusy(lane, true);
          yield* FiberSet.run(running, work(task.value));
        });

      const start = Effect.gen(function* () {
        const lanes = yield* Queue.takeBetween(outbox.wake, 1, 1_000);
        yield* traffic.calm;
        for (const lane of lanes) backlogOf(lane).add(lane);
        if (stopping) return;
        for (const lane of shared) {
          if (busy.size >= CONCURRENCY) break;
          yield* begin(lane);
        }
        for (const lane of personal) {
          if (busyWithPeople >= PERSONAL || busy.size >= CONCURRENCY) break;
          yield* begin(lane);
        }
        // What ended in a lane that is wanted again must be written down first.
        if ([...busy].some(isWanted)) yield* Queue.offer(hurry, undefined);
      });

      const finish = Effect.gen(function* () {
        const first = yield* Queue.take(outbox.ended);
        if (!urgent(first)) yield* Effect.timeoutOption(Queue.take(hurry), GATHER);
        const ended = [first, ...(yield* Queue.takeUpTo(outbox.ended, 200))];
        // What has happened must be written down, however long that takes: it would be done again.
        yield* settlement.settle(ended).pipe(
          Effect.sandbox,
          Effect.tapError((cause) =>
            Effect.logError("What was done could not be written down; trying again", cause),
          ),
          Effect.retry(Schedule.spaced("1 second")),
          Effect.orDie,
        );
        const lanes = new Set(ended.flatMap((one) => (one._tag === "Attempted" ? [one.effect.lane] : [])));
        for (const lane of lanes) setBusy(lane, false);
        yield* Effect.forEach(lanes, outbox.poke, { discard: true });
      });

      yield* forever("start", start);
      yield* forever("finish", finish);
      yield* forever(
        "clock",
        Effect.gen(function* () {
          yield* Effect.forEach(yield* settlement.dueLanes, outbox.poke, { discard: true });
          yield* Effect.sleep(TICK);
        }),
      );
      // Registered last, so that it runs first: the loops above still write down what ends meanwhile.
      yield* Effect.addFinalizer(() =>
        Effect.gen(function* () {
          stopping = true;
          // A finalizer cannot be interrupted by itself, and a limit that cannot interrupt is none.
          yield* Effect.repeat(Effect.sleep("10 millis"), { until: () => busy.size === 0 }).pipe(
            Effect.interruptible,
            Effect.timeoutOption(STOP.sideEffects),
          );
          if (busy.size > 0) {
            yield* Effect.logWarning("Side effects were abandoned: they are done again at the next start", {
              left: busy.size,
            });
          }
        }),
      );
    }),
  );
