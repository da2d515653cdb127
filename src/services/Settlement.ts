import { Clock, Context, Effect, Layer, Option, PubSub, Random } from "effect";
import { SYSTEM_ACTOR } from "../domain/Action.js";
import { type ApplicationId, Millis, type SideEffectId } from "../domain/Ids.js";
import { type Attempt, backoffMillis, DECISION_KINDS, Failed, MAX_ATTEMPTS, type SideEffect } from "../domain/SideEffect.js";
import { AuditLog } from "./AuditLog.js";
import { Outbox } from "./Outbox.js";
import { ApplicationRepo } from "./repos/ApplicationRepo.js";
import { SideEffectRepo } from "./repos/SideEffectRepo.js";
import { Settings } from "./Settings.js";

export interface Attempted {
  readonly effect: SideEffect;
  readonly attempt: Attempt;
}

/** A handler's time limit is shorter than this, so that a lease never runs out under a living handler. */
const LEASE_MILLIS = 120_000;
/** Discord takes ten embeds and 6 000 characters a message. */
const LOG_POSTS_PER_MESSAGE = 8;

/** The worker's side of the outbox: what to do next, and what comes of an attempt. */
export class Settlement extends Context.Tag("app/Settlement")<
  Settlement,
  {
    /** Takes what is due in these lanes, one side effect (or one message full of log posts) a lane. */
    readonly claim: (lanes: ReadonlyArray<string>) => Effect.Effect<ReadonlyArray<ReadonlyArray<SideEffect>>>;
    /**
     * Stores how attempts ended, in one transaction with what follows from it: dependents are freed, a granted role
     * and a failure are logged, the card of a decided application is redrawn once nothing more is under way.
     */
    readonly settle: (attempted: ReadonlyArray<Attempted>) => Effect.Effect<void>;
    readonly dueLanes: Effect.Effect<ReadonlyArray<string>>;
    /** Milliseconds until the next side effect is due, if one waits for its time. */
    readonly untilNextDue: Effect.Effect<Option.Option<number>>;
    /** Puts back what an earlier process left running. */
    readonly takeBack: (everything: boolean) => Effect.Effect<void>;
    /** Waits until a side effect is done or failed, at most `timeoutMillis`. */
    readonly await: (id: SideEffectId, timeoutMillis: number) => Effect.Effect<Option.Option<SideEffect>>;
    readonly counts: Effect.Effect<ReadonlyArray<{ readonly state: string; readonly count: number }>>;
  }
>() {}

const ofDecision = (effect: SideEffect) => DECISION_KINDS.some((kind) => kind === effect.kind);

const make = Effect.gen(function* () {
  const repo = yield* SideEffectRepo;
  const applications = yield* ApplicationRepo;
  const audit = yield* AuditLog;
  const outbox = yield* Outbox;
  const settings = yield* Settings;
  const settled = yield* PubSub.sliding<SideEffectId>(1024);

  const now = Effect.map(Clock.currentTimeMillis, (at) => Millis.make(at));

  /** A failing log post must not log its own failure: it would never end. */
  const recordOutcome = (effect: SideEffect, attempt: Attempt) => {
    const { payload, guildId, applicationId } = effect;
    const target = "userId" in payload ? { target: payload.userId } : {};
    const application = applicationId === null ? {} : { applicationId };
    if (attempt._tag === "Failed" && payload._tag !== "LogPost") {
      return audit.record({
        guildId,
        name: "effect_failed",
        actor: SYSTEM_ACTOR,
        ...target,
        ...application,
        reason: attempt.reason,
        details: { effect: payload._tag },
      });
    }
    if (attempt._tag === "Done" && attempt.outcome === null && payload._tag === "GrantRole") {
      return audit.record({
        guildId,
        name: "role_granted",
        actor: SYSTEM_ACTOR,
        ...target,
        ...application,
        details: { role: payload.roleId },
      });
    }
    return Effect.void;
  };

  const redraw = (id: ApplicationId, guildId: SideEffect["guildId"]) =>
    Effect.gen(function* () {
      const application = yield* applications.find(guildId, id);
      const guild = yield* Effect.option(settings.get(guildId));
      if (Option.isSome(application) && Option.isSome(guild)) {
        yield* outbox.drawCard(application.value, guild.value.reviewChannelId, "outbox");
      }
    });

  const settleOne = ({ effect, attempt: raw }: Attempted) =>
    Effect.gen(function* () {
      const at = yield* now;
      const attempt: Attempt =
        raw._tag === "Retry" && effect.attempts >= MAX_ATTEMPTS
          ? Failed(`Given up after ${effect.attempts} attempts. ${raw.reason}`)
          : raw;
      if (attempt._tag === "Retry") {
        const wait = attempt.afterMillis ?? backoffMillis(effect.attempts, yield* Random.next);
        yield* repo.postpone(effect.id, Millis.make(at + Math.ceil(wait)), attempt.reason, at);
      } else {
        const done = attempt._tag === "Done";
        yield* repo.settle(
          effect.id,
          done ? "done" : "failed",
          done ? attempt.outcome : null,
          done ? null : attempt.reason,
          at,
        );
        yield* Effect.forEach(yield* repo.release(effect.id, done), outbox.touch, { discard: true });
        yield* recordOutcome(effect, attempt);
      }
      if (effect.applicationId === null || !ofDecision(effect)) return;
      const resting = (yield* repo.countActive(effect.applicationId)) === 0;
      const firstTrouble = attempt._tag === "Retry" && effect.attempts === 1;
      if (resting || firstTrouble) yield* redraw(effect.applicationId, effect.guildId);
    });

  const claimLane = (lane: string) =>
    Effect.gen(function* () {
      const at = yield* now;
      const lease = Millis.make(at + LEASE_MILLIS);
      const first = yield* repo.claim(lane, at, lease);
      if (Option.isNone(first)) return [];
      if (first.value.kind !== "LogPost") return [first.value];
      const rest = yield* repo.claimBatch(first.value, LOG_POSTS_PER_MESSAGE - 1, at, lease);
      return [first.value, ...rest];
    });

  return Settlement.of({
    claim: (lanes) =>
      lanes.length === 0
        ? Effect.succeed([])
        : Effect.map(outbox.commit(Effect.forEach(lanes, claimLane)), (claimed) =>
            claimed.filter((effects) => effects.length > 0),
          ),
    settle: (attempted) =>
      Effect.gen(function* () {
        yield* outbox.commit(Effect.forEach(attempted, settleOne, { discard: true }));
        yield* settled.publishAll(attempted.map(({ effect }) => effect.id));
      }),
    dueLanes: Effect.flatMap(now, repo.dueLanes),
    untilNextDue: Effect.gen(function* () {
      const at = yield* now;
      return Option.map(yield* repo.nextDue(at), (next) => Math.max(next.at - at, 0));
    }),
    takeBack: (everything) => Effect.flatMap(now, (at) => repo.takeBack(at, everything)),
    await: (id, timeoutMillis) =>
      Effect.scoped(
        Effect.gen(function* () {
          const news = yield* settled.subscribe;
          const isSettled = Effect.map(
            repo.find(id),
            Option.filter(({ state }) => state === "done" || state === "failed"),
          );
          const wait: Effect.Effect<Option.Option<SideEffect>> = Effect.flatMap(isSettled, (found) =>
            Option.isSome(found) ? Effect.succeed(found) : Effect.zipRight(news.take, Effect.suspend(() => wait)),
          );
          return Option.flatten(yield* Effect.timeoutOption(wait, timeoutMillis));
        }),
      ),
    counts: repo.countByState,
  });
});

export const layer = Layer.effect(Settlement, make);
