import { Clock, Context, Effect, Layer, Option } from "effect";
import { SYSTEM_ACTOR } from "../domain/Action.js";
import {
  type Application,
  ApplicationNotFound,
  DECIDED_STATUS,
  type DecisionKind,
  IllegalTransition,
  transition,
  type TransitionError,
} from "../domain/Application.js";
import {
  type ApplicationId,
  type GuildId,
  type MessageId,
  Millis,
  ShortCode,
  type SideEffectId,
  type UserId,
} from "../domain/Ids.js";
import type { GuildNotSetUp, GuildSettings } from "../domain/Settings.js";
import type { CardFacts } from "../domain/CardFacts.js";
import { withSettingsOf } from "../domain/SideEffect.js";
import { AuditLog } from "./AuditLog.js";
import { Outbox, type PlannedCard } from "./Outbox.js";
import { type ApplicationChange, ApplicationRepo, type StatusCount } from "./repos/ApplicationRepo.js";
import { BlockRepo } from "./repos/BlockRepo.js";
import { Settings } from "./Settings.js";

/** How a moderator names an application: by its card, by its code, or by the person. */
export type Reference =
  | { readonly _tag: "Id"; readonly id: ApplicationId }
  | { readonly _tag: "Code"; readonly code: string }
  | { readonly _tag: "Person"; readonly userId: UserId };

/** A change that happened, and the redraw that follows. */
export interface Reviewed {
  readonly facts: CardFacts;
  readonly card: PlannedCard;
}

export interface Moderator {
  readonly id: UserId;
  /** May unclaim for others. */
  readonly admin: boolean;
  /** Where they acted; a press redraws its own card. */
  readonly via: "press" | "command";
}

type ReviewError = ApplicationNotFound | TransitionError | GuildNotSetUp;

/** What moderators do with applications (features.md F5): every change is one transaction with its log row. */
export class Reviews extends Context.Tag("app/Reviews")<
  Reviews,
  {
    readonly claim: (
      guildId: GuildId,
      reference: Reference,
      moderator: Moderator,
    ) => Effect.Effect<Reviewed, ReviewError>;
    readonly unclaim: (
      guildId: GuildId,
      reference: Reference,
      moderator: Moderator,
    ) => Effect.Effect<Reviewed, ReviewError>;
    /** Decides; an unclaimed application is claimed first, and both are logged. Plans what follows from it. */
    readonly decide: (
      guildId: GuildId,
      reference: Reference,
      moderator: Moderator,
      decision: { readonly kind: DecisionKind; readonly reason: string | null },
    ) => Effect.Effect<Reviewed, ReviewError>;
    /** Puts the failed side effects of an application back to work. @returns how many there were. */
    readonly retryFailed: (
      guildId: GuildId,
      reference: Reference,
      moderator: Moderator,
    ) => Effect.Effect<Reviewed & { readonly retried: number }, ReviewError>;
    /** Whether this moderator could decide now: to be asked before a form is opened. */
    readonly mayDecide: (
      guildId: GuildId,
      reference: Reference,
      by: UserId,
      kind: DecisionKind,
    ) => Effect.Effect<Application, ApplicationNotFound | TransitionError>;
    readonly card: (guildId: GuildId, id: ApplicationId) => Effect.Effect<CardFacts, ApplicationNotFound>;
    /** The application alone, and when a rejected person may apply again. */
    readonly find: (
      guildId: GuildId,
      id: ApplicationId,
    ) => Effect.Effect<Pick<CardFacts, "application" | "reapplyAt">, ApplicationNotFound>;
    /** A deleted card of an open application is posted again. */
    readonly cardDeleted: (messageId: MessageId) => Effect.Effect<void>;
    /** Pending and claimed, longest waiting first. */
    readonly queue: (guildId: GuildId, limit: number) => Effect.Effect<ReadonlyArray<Application>>;
    readonly counts: (guildId: GuildId) => Effect.Effect<ReadonlyArray<StatusCount>>;
    /** Hands back claims older than the guild's `stale_claim_minutes`. @returns how many. */
    readonly releaseStale: Effect.Effect<number>;
  }
>() {}

const CODE = /^#?([0-9a-f]{6})$/i;
const MINUTE = 60_000;

const make = Effect.gen(function* () {
  const applications = yield* ApplicationRepo;
  const audit = yield* AuditLog;
  const blocks = yield* BlockRepo;
  const outbox = yield* Outbox;
  const settings = yield* Settings;

  const find = (guildId: GuildId, reference: Reference): Effect.Effect<Application, ApplicationNotFound> => {
    const missing = (text: string) => () => new ApplicationNotFound({ reference: text });
    switch (reference._tag) {
      case "Id":
        return Effect.flatten(applications.find(guildId, reference.id)).pipe(
          Effect.catchTag("NoSuchElementException", missing("this card")),
        );
      case "Code": {
        const code = CODE.exec(reference.code.trim())?.[1]?.toLowerCase();
        if (code === undefined) return missing(reference.code)();
        return Effect.flatten(applications.findByCode(guildId, ShortCode.make(code))).pipe(
          Effect.catchTag("NoSuchElementException", missing(code)),
        );
      }
      case "Person":
        return Effect.gen(function* () {
          const open = yield* applications.findOpenOf(guildId, reference.userId);
          if (Option.isSome(open) && open.value.status !== "draft") return open.value;
          const [latest] = yield* applications.historyOf(guildId, reference.userId, 1);
          return latest ?? (yield* new ApplicationNotFound({ reference: "this person" }));
        });
    }
  };

  const reapplyAt = (application: Application) =>
    application.status !== "rejected" || application.decidedAt === null
      ? Effect.succeed(null)
      : Effect.match(settings.get(application.guildId), {
          onFailure: () => null,
          onSuccess: ({ reapplyCooldownHours }) =>
            Millis.make((application.decidedAt ?? 0) + reapplyCooldownHours * 60 * MINUTE),
        });

  const factsOf = (application: Application): Effect.Effect<CardFacts> =>
    Effect.gen(function* () {
      const history = yield* applications.historyOf(application.guildId, application.userId, 6);
      return {
        application,
        earlier: history.filter(
          ({ id, createdAt }) => id !== application.id && createdAt <= application.createdAt,
        ),
        actions: yield* audit.ofApplication(application.id, 3),
        effects: yield* outbox.ofApplication(application.id),
        reapplyAt: yield* reapplyAt(application),
      };
    });

  /** Compare-and-set; whoever comes second is told what the row says now. */
  const change = (application: Application, fields: ApplicationChange, attempted: string, at: Millis) =>
    Effect.flatMap(
      applications.change(application, fields, at),
      Option.match({
        onSome: Effect.succeed,
        onNone: () =>
          new IllegalTransition({ code: application.code, status: application.status, attempted }),
      }),
    );

  const claimIn = (application: Application, by: UserId, at: Millis) =>
    Effect.gen(function* () {
      yield* transition(application, { _tag: "claim", by });
      const claimed = yield* change(
        application,
        { status: "claimed", claimedBy: by, claimedAt: at },
        "claim",
        at,
      );
      yield* audit.record({
        guildId: application.guildId,
        name: "claim",
        actor: by,
        target: application.userId,
        applicationId: application.id,
        details: { code: application.code },
      });
      return claimed;
    });

  /** One transaction: find, change, plan the redraw, read what the card shows. */
  const review = <E>(
    guildId: GuildId,
    reference: Reference,
    via: Moderator["via"],
    body: (application: Application, guild: GuildSettings, at: Millis) => Effect.Effect<Application, E>,
  ): Effect.Effect<Reviewed, E | ApplicationNotFound | GuildNotSetUp> =>
    outbox.commit(
      Effect.gen(function* () {
        const guild = yield* settings.get(guildId);
        const at = Millis.make(yield* Clock.currentTimeMillis);
        const reviewed = yield* body(yield* find(guildId, reference), guild, at);
        const card = yield* outbox.drawCard(
          reviewed,
          guild.reviewChannelId,
          via === "press" && reviewed.cardMessageId !== null ? "press" : "outbox",
        );
        return { facts: yield* factsOf(reviewed), card };
      }),
    );

  /** What has to happen in Discord after a decision, and in which order. */
  const planConsequences = (
    application: Application,
    guild: GuildSettings,
    kind: DecisionKind,
    reason: string | null,
  ) =>
    Effect.gen(function* () {
      const { guildId, id, userId } = application;
      const message = (after: ReadonlyArray<SideEffectId> = []) =>
        outbox.plan(guildId, id, {
          consequence: { _tag: "DecisionMessage", userId, topic: DECIDED_STATUS[kind], reason },
          after,
        });
      switch (kind) {
        case "approve": {
          const role = yield* outbox.plan(guildId, id, {
            consequence: { _tag: "GrantRole", userId, roleId: guild.acceptedRoleId },
          });
          yield* message();
          yield* outbox.plan(guildId, id, {
            consequence: { _tag: "WelcomePost", channelId: guild.generalChannelId, userId },
            needs: [role],
          });
          return;
        }
        case "kick": {
          // Somebody who shares no server with the bot cannot be written to: the message goes first.
          const told = yield* message();
          yield* outbox.plan(guildId, id, {
            consequence: { _tag: "KickMember", userId, reason },
            after: [told],
          });
          return;
        }
        case "reject":
        case "perm_reject":
          yield* message();
      }
    });

  const decideIn = (
    application: Application,
    guild: GuildSettings,
    by: UserId,
    { kind, reason }: { readonly kind: DecisionKind; readonly reason: string | null },
    at: Millis,
  ) =>
    Effect.gen(function* () {
      const claimed = application.status === "pending" ? yield* claimIn(application, by, at) : application;
      const next = yield* transition(claimed, { _tag: "decide", kind, by });
      const decided = yield* change(
        claimed,
        { status: next.status, decidedBy: by, decidedAt: at, reason },
        kind,
        at,
      );
      yield* audit.record({
        guildId: application.guildId,
        name: kind,
        actor: by,
        target: application.userId,
        applicationId: application.id,
        reason,
        details: {
          code: application.code,
          ...(application.submittedAt === null ? {} : { response_ms: at - application.submittedAt }),
        },
      });
      if (kind === "perm_reject" || kind === "kick") {
        yield* blocks.put(application.guildId, application.userId, application.id, at);
      }
      yield* planConsequences(decided, guild, kind, reason);
      return decided;
    });

  return Reviews.of({
    claim: (guildId, reference, moderator) =>
      review(guildId, reference, moderator.via, (application, _guild, at) =>
        claimIn(application, moderator.id, at),
      ),
    unclaim: (guildId, reference, moderator) =>
      review(guildId, reference, moderator.via, (application, _guild, at) =>
        Effect.gen(function* () {
          yield* transition(application, { _tag: "unclaim", by: moderator.id, admin: moderator.admin });
          const freed = yield* change(
            application,
            { status: "pending", claimedBy: null, claimedAt: null },
            "unclaim",
            at,
          );
          yield* audit.record({
            guildId,
            name: "unclaim",
            actor: moderator.id,
            target: application.userId,
            applicationId: application.id,
            details: {
              code: application.code,
              ...(application.claimedBy === null || application.claimedBy === moderator.id
                ? {}
                : { claimed_by: application.claimedBy }),
            },
          });
          return freed;
        }),
      ),
    decide: (guildId, reference, moderator, decision) =>
      review(guildId, reference, moderator.via, (application, guild, at) =>
        decideIn(application, guild, moderator.id, decision, at),
      ),
    retryFailed: (guildId, reference, moderator) =>
      Effect.gen(function* () {
        let retried = 0;
        const reviewed = yield* review(guildId, reference, moderator.via, (application, guild) =>
          Effect.gen(function* () {
            retried = yield* outbox.retryFailed(application.id, withSettingsOf(guild));
            return application;
          }),
        );
        return { ...reviewed, retried };
      }),
    mayDecide: (guildId, reference, by, kind) =>
      Effect.gen(function* () {
        const application = yield* find(guildId, reference);
        const claimed =
          application.status === "pending"
            ? yield* transition(application, { _tag: "claim", by })
            : application;
        yield* transition(claimed, { _tag: "decide", kind, by });
        return application;
      }),
    find: (guildId, id) =>
      Effect.gen(function* () {
        const application = yield* find(guildId, { _tag: "Id", id });
        return { application, reapplyAt: yield* reapplyAt(application) };
      }),
    card: (guildId, id) => Effect.flatMap(find(guildId, { _tag: "Id", id }), factsOf),
    cardDeleted: (messageId) =>
      outbox.commit(
        Effect.gen(function* () {
          const found = yield* applications.findByCard(messageId);
          if (Option.isNone(found)) return;
          const { id, guildId, cardChannelId, status } = found.value;
          if (cardChannelId === null) return;
          yield* applications.setCard(id, cardChannelId, null);
          const guild = yield* Effect.option(settings.get(guildId));
          if (Option.isNone(guild) || (status !== "pending" && status !== "claimed")) return;
          yield* outbox.drawCard(
            { ...found.value, cardMessageId: null },
            guild.value.reviewChannelId,
            "outbox",
          );
        }),
      ),
    queue: applications.queue,
    counts: applications.countByStatus,
    releaseStale: Effect.gen(function* () {
      const at = Millis.make(yield* Clock.currentTimeMillis);
      let released = 0;
      for (const guild of yield* settings.all) {
        const claimedBefore = Millis.make(Math.max(at - guild.staleClaimMinutes * MINUTE, 0));
        for (const application of yield* applications.staleClaims(guild.guildId, claimedBefore, 100)) {
          const freed = yield* Effect.option(
            review(guild.guildId, { _tag: "Id", id: application.id }, "command", (current) =>
              Effect.gen(function* () {
                yield* transition(current, { _tag: "stale_release" });
                if (current.claimedAt === null || current.claimedAt >= claimedBefore) {
                  return yield* new IllegalTransition({
                    code: current.code,
                    status: current.status,
                    attempted: "stale_release",
                  });
                }
                const pending = { status: "pending", claimedBy: null, claimedAt: null } as const;
                const freed = yield* change(current, pending, "stale_release", at);
                yield* audit.record({
                  guildId: guild.guildId,
                  name: "stale_release",
                  actor: SYSTEM_ACTOR,
                  target: current.userId,
                  applicationId: current.id,
                  details: { code: current.code, claimed_by: current.claimedBy },
                });
                return freed;
              }),
            ),
          );
          if (Option.isSome(freed)) released += 1;
        }
      }
      return released;
    }),
  });
});

export const layer = Layer.effect(Reviews, make);
