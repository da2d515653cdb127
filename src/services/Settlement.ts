import { Array as Arr, Clock, Context, Effect, Layer, Option, PubSub, Random } from "effect";
import { SYSTEM_ACTOR } from "../domain/Action.js";
import { type ApplicationId, Millis, type SideEffectId } from "../domain/Ids.js";
import {
  type Attempt,
  backoffMillis,
  DECISION_KINDS,
  Failed,
  keepsOrder,
  MAX_ATTEMPTS,
  PICTURES,
  PING_LIFETIME_MILLIS,
  type Posted,
  type SideEffect,
  waitMillis,
} from "../domain/SideEffect.js";
import * as Instruments from "../layers/Instruments.js";
import { AuditLog } from "./AuditLog.js";
import { Changes } from "./Changes.js";
import { LogFallback } from "./LogFallback.js";
import { type Ended, Outbox } from "./Outbox.js";
import { ApplicationRepo } from "./repos/ApplicationRepo.js";
import { SideEffectRepo, type StateCount } from "./repos/SideEffectRepo.js";
import { Settings } from "./Settings.js";

/** What one lane does next: one side effect, or several log posts that share a message. */
export interface Task {
  readonly effects: readonly [SideEffect, ...ReadonlyArray<SideEffect>];
  /** An earlier attempt may have reached Discord, and whether it did is not known. */
  readonly repeated: boolean;
}

/** Discord takes ten embeds and 6 000 characters a message. */
const LOG_POSTS_PER_MESSAGE = 8;

/** The worker's side of the outbox: what to do next, and what comes of an attempt. */
export class Settlement extends Context.Tag("app/Settlement")<
  Settlement,
  {
    /** What a lane has to do now, if anything. Writes only to fix which log posts share a message. */
    readonly next: (lane: string) => Effect.Effect<Option.Option<Task>>;
    /**
     * Stores what has ended, in one transaction with what follows from it: dependents are freed, a granted role and a
     * failure are logged, the card of a decided application is redrawn once nothing more is under way.
     */
    readonly settle: (ended: ReadonlyArray<Ended>) => Effect.Effect<void>;
    readonly dueLanes: Effect.Effect<ReadonlyArray<string>>;
    /** Waits until a side effect is done or failed, at most `timeoutMillis`. */
    readonly await: (id: SideEffectId, timeoutMillis: number) => Effect.Effect<Option.Option<SideEffect>>;
    readonly counts: Effect.Effect<ReadonlyArray<StateCount>>;
  }
>() {}

const OUTCOME = {
  Done: "done",
  Retry: "retried",
  Failed: "failed",
  Parked: "parked",
} as const;

const isPicture = (effect: SideEffect) => PICTURES.some((kind) => kind === effect.kind);
const ofDecision = (effect: SideEffect) => DECISION_KINDS.some((kind) => kind === effect.kind);

const make = Effect.gen(function* () {
  const repo = yield* SideEffectRepo;
  const applications = yield* ApplicationRepo;
  const audit = yield* AuditLog;
  const changes = yield* Changes;
  const outbox = yield* Outbox;
  const settings = yield* Settings;
  const fallback = yield* LogFallback;
  const settled = yield* PubSub.sliding<SideEffectId>(1024);
  const startedAt = yield* Clock.currentTimeMillis;
  /**
   * A lane does one thing at a time, so that of the rows an earlier process left in it, only the first untried one can
   * have been attempted without a trace.
   */
  const served = new Set<string>();

  const now = Effect.map(Clock.currentTimeMillis, (at) => Millis.make(at));

  /** A failing log post must not log its own failure in the same place: it would never end. */
  const recordOutcome = (effect: SideEffect, attempt: Attempt) => {
    const { payload, guildId, applicationId } = effect;
    const target = "userId" in payload ? { target: payload.userId } : {};
    const application = applicationId === null ? {} : { applicationId };
    if (attempt._tag === "Failed" && payload._tag === "LogPost") {
      return Effect.logWarning(`A row of the action log was not posted. ${attempt.reason}`, {
        guild: guildId,
        action: payload.actionId,
      });
    }
    if (attempt._tag === "Failed") {
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

  /** Remembers where a card or the gate message stands. */
  const remember = ({ payload, applicationId, guildId }: SideEffect, posted: Posted) =>
    Effect.gen(function* () {
      if (payload._tag === "PingPost") {
        const at = yield* now;
        const { channelId, messageId } = posted;
        yield* outbox.plan(guildId, applicationId, {
          consequence: { _tag: "DeleteMessage", channelId, messageId },
          notBefore: Millis.make(at + PING_LIFETIME_MILLIS),
        });
      }
      if (payload._tag === "GateMessage") yield* settings.setGateMessage(guildId, posted.messageId);
      if (payload._tag !== "DrawCard" || applicationId === null) return;
      const vanished = outbox.vanished.has(posted.messageId);
      yield* applications.setCard(applicationId, posted.channelId, vanished ? null : posted.messageId);
      if (posted.mayBeOld || vanished) yield* redraw(applicationId, guildId);
    });

  const settleOne = (effect: SideEffect, raw: Attempt) =>
    Effect.gen(function* () {
      const at = yield* now;
      const attempts = effect.attempts + 1;
      const attempt: Attempt =
        raw._tag === "Retry" && attempts >= MAX_ATTEMPTS && effect.kind !== "LogPost"
          ? Failed(`Given up after ${attempts} attempts. ${raw.reason}`)
          : raw;
      outbox.underWay.delete(effect.id);
      // What was not tried is no attempt.
      if (attempt._tag !== "Waiting")
        Instruments.sideEffect(effect.kind, OUTCOME[attempt._tag], (at - effect.createdAt) / 1_000);
      if (attempt._tag === "Retry") {
        const wait = attempt.afterMillis ?? backoffMillis(attempts, yield* Random.next);
        yield* repo.postpone(effect.id, Millis.make(at + Math.ceil(wait)), attempt.reason, at);
      } else if (attempt._tag === "Waiting") {
        yield* repo.putOff(
          effect.id,
          Millis.make(at + waitMillis(at - effect.createdAt)),
          attempt.reason,
          at,
        );
      } else if (attempt._tag === "Parked") {
        yield* repo.park(effect.id, attempt.reason, attempt.maybePosted, at);
        yield* fallback.parked(effect.guildId);
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
        if (done && effect.kind === "LogPost") yield* fallback.posted(effect.guildId);
        if (done && isPicture(effect)) yield* repo.replaceFailed(effect, at);
        if (done && attempt.posted !== null) yield* remember(effect, attempt.posted);
        yield* recordOutcome(effect, attempt);
      }
      if (effect.applicationId === null || !ofDecision(effect)) return;
      changes.stage(effect.guildId, effect.applicationId);
      const resting = (yield* repo.countActive(effect.applicationId)) === 0;
      const firstTrouble = attempt._tag === "Retry" && attempts === 1;
      if (resting || firstTrouble) yield* redraw(effect.applicationId, effect.guildId);
    });

  const groupOf = (leader: SideEffect, at: Millis, alone: boolean): Effect.Effect<Task["effects"]> =>
    Effect.gen(function* () {
      if (leader.kind !== "LogPost") return [leader] as const;
      if (leader.batch !== null) {
        // In their own order, whichever of them is due first.
        const [first = leader, ...others] = yield* repo.ofBatch(leader.batch);
        return [first, ...others] as const;
      }
      if (alone) return [leader] as const;
      const others = Arr.takeWhile(
        yield* repo.following(leader, LOG_POSTS_PER_MESSAGE - 1),
        (other) => other.batch === null && other.attempts === 0 && other.notBefore <= at,
      );
      const group = [leader, ...others] as const;
      if (others.length > 0) {
        yield* repo.setBatch(
          group.map(({ id }) => id),
          leader.id,
        );
      }
      return group;
    });

  return Settlement.of({
    next: (lane) =>
      Effect.gen(function* () {
        const pick = Effect.flatMap(now, (due) =>
          keepsOrder(lane) ? repo.firstInOrder(lane, due) : repo.firstDue(lane, due),
        );
        const newest = yield* pick;
        if (Option.isNone(newest)) return Option.none();
        // What waits in the fallback file is older than what comes now.
        const { kind, guildId } = newest.value;
        const older = kind === "LogPost" && (yield* fallback.takeBack(guildId)) > 0;
        const first = older ? yield* pick : newest;
        if (Option.isNone(first)) return Option.none();
        const leader = first.value;
        const at = yield* now;
        // One that has failed before is known to be repeated; one that an earlier process left may have been under way.
        // Log posts come strictly in order, so that of those only the first in the lane can have been.
        const left = leader.createdAt < startedAt && leader.attempts === 0;
        const repeated = leader.attempts > 0 || (left && !(leader.kind === "LogPost" && served.has(lane)));
        if (left) served.add(lane);
        const effects = yield* groupOf(leader, at, repeated);
        for (const { id } of effects) outbox.underWay.add(id);
        return Option.some({ effects, repeated });
      }),
    settle: (ended) =>
      Effect.gen(function* () {
        yield* outbox.commit(
          Effect.forEach(
            ended,
            (one): Effect.Effect<unknown> => {
              switch (one._tag) {
                case "Attempted":
                  return settleOne(one.effect, one.attempt);
                case "Shown":
                  return outbox.underWay.has(one.card.id)
                    ? Effect.void
                    : Effect.flatMap(now, (at) =>
                        repo.cardShown(one.card.id, one.card.version, one.card.planned, at),
                      );
              }
            },
            { discard: true },
          ),
        );
        yield* settled.publishAll(
          ended.map((one) => (one._tag === "Attempted" ? one.effect.id : one.card.id)),
        );
      }),
    dueLanes: Effect.flatMap(now, repo.dueLanes),
    await: (id, timeoutMillis) =>
      Effect.scoped(
        Effect.gen(function* () {
          const news = yield* settled.subscribe;
          const isSettled = Effect.map(
            repo.find(id),
            Option.filter(({ state }) => state === "done" || state === "failed"),
          );
          const wait: Effect.Effect<Option.Option<SideEffect>> = Effect.flatMap(isSettled, (found) =>
            Option.isSome(found)
              ? Effect.succeed(found)
              : Effect.zipRight(
                  news.take,
                  Effect.suspend(() => wait),
                ),
          );
          return Option.flatten(yield* Effect.timeoutOption(wait, timeoutMillis));
        }),
      ),
    counts: repo.countByState,
  });
});

export const layer = Layer.effect(Settlement, make);
