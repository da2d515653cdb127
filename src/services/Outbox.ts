import * as SqlClient from "@effect/sql/SqlClient";
import { Clock, Context, Effect, Layer, type Option, Queue } from "effect";
import type { Application } from "../domain/Application.js";
import { type ApplicationId, type GuildId, type MessageId, Millis, SideEffectId } from "../domain/Ids.js";
import { type Attempt, type Consequence, canRetry, laneOf, type SideEffect } from "../domain/SideEffect.js";
import { Changes } from "./Changes.js";
import { freshId } from "./Identity.js";
import {
  type Dependency,
  type KindCount,
  type NewSideEffect,
  SideEffectRepo,
} from "./repos/SideEffectRepo.js";
import { transaction } from "./repos/Repo.js";

/** One thing to do in Discord, and what it has to wait for. */
export interface Planned {
  readonly consequence: Consequence;
  /** Starts when these are settled, however they ended. */
  readonly after?: ReadonlyArray<SideEffectId>;
  /** Starts when these are done; a failure keeps it waiting. */
  readonly needs?: ReadonlyArray<SideEffectId>;
  readonly notBefore?: Millis;
}

/** As many deleted messages are remembered: more than fall into the moment between a post and its writing down. */
const VANISHED_REMEMBERED = 1_000;

/** How long a press has to redraw the card itself before the outbox does it. */
export const PRESS_GRACE_MILLIS = 2_000;

/** A redraw that is left to the press that caused it, and taken over by the outbox if the press does not make it. */
export interface PlannedCard {
  readonly id: SideEffectId;
  readonly applicationId: ApplicationId;
  readonly version: number;
  readonly planned: Millis;
}

/** Something that is over: an attempt with its outcome, or a card that a press has drawn. */
export type Ended =
  | {
      readonly _tag: "Attempted";
      readonly effect: SideEffect;
      readonly attempt: Attempt;
    }
  | { readonly _tag: "Shown"; readonly card: PlannedCard };

/**
 * The durable side effects of features.md F6: rows are written in the transaction that causes them and are worked off
 * after it. Nothing here talks to Discord.
 */
export class Outbox extends Context.Tag("app/Outbox")<
  Outbox,
  {
    /** Runs one transaction and wakes the worker when it has committed. */
    readonly commit: <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>;
    /** Adds a side effect; to be called inside `commit`. */
    readonly plan: (
      guildId: GuildId,
      applicationId: ApplicationId | null,
      planned: Planned,
    ) => Effect.Effect<SideEffectId>;
    /** Makes sure that the card of an application is redrawn, once, however often it is asked. Inside `commit`. */
    readonly drawCard: (
      application: Pick<Application, "id" | "guildId" | "version" | "cardChannelId" | "cardMessageId">,
      channelId: Extract<Consequence, { _tag: "DrawCard" }>["channelId"],
      by: "press" | "outbox",
    ) => Effect.Effect<PlannedCard>;
    /**
     * The press has shown the newest card: the planned redraw is not needed any more, unless it has begun or something
     * has changed since. Written down with what ends next.
     */
    readonly cardShown: (card: PlannedCard) => Effect.Effect<void>;
    /** What has ended in Discord and is not written down yet. */
    readonly ended: Queue.Queue<Ended>;
    /**
     * What this process is doing at the moment. Rows say only what is still to be done: what was under way when a
     * process died is done again by the next one, and every kind of side effect can bear that.
     */
    readonly underWay: Set<SideEffectId>;
    /**
     * Messages that were deleted lately and belonged to nothing. A card can be deleted before it is written down where it
     * stands.
     */
    readonly vanished: {
      readonly add: (id: MessageId) => void;
      readonly has: (id: MessageId) => boolean;
    };
    /** Puts the failed side effects of an application back to work. Inside `commit`. @returns how many there were. */
    readonly retryFailed: (
      id: ApplicationId,
      /** The same with the settings of today: the role or the channel of then may be what was wrong. */
      today: (consequence: Consequence) => Consequence,
    ) => Effect.Effect<number>;
    /** Applications whose redraw failed for good; it is taken off the books. Inside `commit`. */
    readonly takeFailedCards: (guildId: GuildId) => Effect.Effect<ReadonlyArray<ApplicationId>>;
    /** What failed for good in a guild, by kind. */
    readonly failedIn: (guildId: GuildId) => Effect.Effect<ReadonlyArray<KindCount>>;
    readonly ofApplication: (id: ApplicationId) => Effect.Effect<ReadonlyArray<SideEffect>>;
    readonly find: (id: SideEffectId) => Effect.Effect<Option.Option<SideEffect>>;
    /** Names of lanes that may have something to do, as they come up. */
    readonly wake: Queue.Dequeue<string>;
    /** Has the worker look at a lane once the running `commit` is through. */
    readonly touch: (lane: string) => Effect.Effect<void>;
    readonly poke: (lane: string) => Effect.Effect<void>;
  }
>() {}

const make = Effect.gen(function* () {
  const changes = yield* Changes;
  const repo = yield* SideEffectRepo;
  const inTransaction = transaction(yield* SqlClient.SqlClient);
  const wake = yield* Queue.unbounded<string>();
  const ended = yield* Queue.unbounded<Ended>();
  /**
   * Lanes touched since the last commit. Transactions are serialised by the database's one connection: what a
   * neighbour's commit wakes too early finds the claim waiting behind the transaction it belongs to.
   */
  const touched = new Set<string>();
  const underWay = new Set<SideEffectId>();
  const vanished = new Set<MessageId>();

  const insert = (
    guildId: GuildId,
    applicationId: ApplicationId | null,
    planned: Planned,
    lane = laneOf(guildId, planned.consequence),
  ) =>
    Effect.gen(function* () {
      const id = yield* freshId(SideEffectId);
      const now = yield* Clock.currentTimeMillis;
      const dependencies: ReadonlyArray<Dependency> = [
        ...(planned.after ?? []).map((onId) => ({ sideEffectId: id, onId, mustBeDone: false })),
        ...(planned.needs ?? []).map((onId) => ({ sideEffectId: id, onId, mustBeDone: true })),
      ];
      const effect: NewSideEffect = {
        id,
        guildId,
        applicationId,
        kind: planned.consequence._tag,
        payload: JSON.stringify(planned.consequence),
        lane,
        blockedBy: dependencies.length,
        notBefore: planned.notBefore ?? now,
        at: now,
      };
      yield* repo.insert([effect], dependencies);
      touched.add(lane);
      return id;
    });

  return Outbox.of({
    commit: (effect) =>
      Effect.tap(inTransaction(effect), () => {
        const lanes = [...touched];
        touched.clear();
        return Effect.zipRight(changes.flush, Queue.offerAll(wake, lanes));
      }),
    plan: (guildId, applicationId, planned) => insert(guildId, applicationId, planned),
    drawCard: (application, channelId, by) =>
      Effect.gen(function* () {
        const now = yield* Clock.currentTimeMillis;
        const planned = Millis.make(by === "press" ? now + PRESS_GRACE_MILLIS : now);
        const consequence: Consequence = {
          _tag: "DrawCard",
          channelId,
          posted: application.cardMessageId !== null,
        };
        // One that has begun may have looked already: it does not show what happens now.
        const cards = yield* repo.waitingCards(application.id);
        // Behind one that has begun: side by side, both could find no card and post one.
        const lane =
          cards.find(({ id }) => underWay.has(id))?.lane ?? laneOf(application.guildId, consequence);
        const waiting = cards.find(({ id }) => !underWay.has(id));
        if (waiting === undefined) {
          const id = yield* insert(
            application.guildId,
            application.id,
            { consequence, notBefore: planned },
            lane,
          );
          return { id, applicationId: application.id, version: application.version, planned };
        }
        yield* repo.bringForward(waiting.id, JSON.stringify(consequence), lane, planned);
        touched.add(lane);
        return { id: waiting.id, applicationId: application.id, version: application.version, planned };
      }),
    cardShown: (card) => Effect.asVoid(Queue.offer(ended, { _tag: "Shown", card })),
    ended,
    underWay,
    vanished: {
      add: (id) => {
        vanished.add(id);
        const [oldest] = vanished;
        if (vanished.size > VANISHED_REMEMBERED && oldest !== undefined) vanished.delete(oldest);
      },
      has: (id) => vanished.has(id),
    },
    takeFailedCards: (guildId) =>
      Effect.flatMap(Clock.currentTimeMillis, (now) => repo.takeFailedCards(guildId, Millis.make(now))),
    retryFailed: (id, today) =>
      Effect.gen(function* () {
        const now = Millis.make(yield* Clock.currentTimeMillis);
        const failed = (yield* repo.ofApplication(id)).filter(canRetry);
        for (const effect of failed) {
          const consequence = today(effect.payload);
          const lane = laneOf(effect.guildId, consequence);
          yield* repo.retry(effect.id, JSON.stringify(consequence), lane, now);
          touched.add(lane);
        }
        return failed.length;
      }),
    failedIn: repo.countFailed,
    ofApplication: repo.ofApplication,
    find: repo.find,
    wake,
    touch: (lane) => Effect.sync(() => touched.add(lane)),
    poke: (lane) => Queue.offer(wake, lane),
  });
});

export const layer = Layer.effect(Outbox, make);
