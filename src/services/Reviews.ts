import { Clock, Context, Effect, Layer, Option } from "effect";
import {
  type Application,
  type ApplicationNotFound,
  type DecisionKind,
  IllegalTransition,
  transition,
  type TransitionError,
} from "../domain/Application.js";
import { type GuildId, type MessageId, Millis } from "../domain/Ids.js";
import { type Moderator, viaDetails } from "../domain/Moderator.js";
import type { GuildNotSetUp, GuildSettings } from "../domain/Settings.js";
import type { CardFacts } from "../domain/CardFacts.js";
import { withSettingsOf } from "../domain/SideEffect.js";
import { Applications, type Reference } from "./Applications.js";
import { AuditLog } from "./AuditLog.js";
import { planConsequences } from "./Consequences.js";
import { Outbox, type PlannedCard } from "./Outbox.js";
import { type ApplicationChange, ApplicationRepo } from "./repos/ApplicationRepo.js";
import { BlockRepo } from "./repos/BlockRepo.js";
import { Settings } from "./Settings.js";

/** A change that happened, and the redraw that follows. */
export interface Reviewed {
  readonly facts: CardFacts;
  readonly card: PlannedCard;
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
    /** A deleted card of an open application is posted again. */
    readonly cardDeleted: (messageId: MessageId) => Effect.Effect<void>;
  }
>() {}

const make = Effect.gen(function* () {
  const applications = yield* ApplicationRepo;
  const reads = yield* Applications;
  const audit = yield* AuditLog;
  const blocks = yield* BlockRepo;
  const outbox = yield* Outbox;
  const settings = yield* Settings;

  /** Compare-and-set; whoever comes second is told what the row says now. */
  const change = (application: Application, fields: ApplicationChange, attempted: string, at: Millis) =>
    Effect.flatMap(
      applications.change(application, fields, at),
      Option.match({
        onSome: Effect.succeed,
        onNone: () =>
          new IllegalTransition({
            code: application.code,
            status: application.status,
            decidedBy: application.decidedBy,
            attempted,
          }),
      }),
    );

  const claimIn = (application: Application, { id: by, via }: Moderator, at: Millis) =>
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
        details: { code: application.code, ...viaDetails(via) },
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
        const reviewed = yield* body(yield* reads.resolve(guildId, reference), guild, at);
        const card = yield* outbox.drawCard(
          reviewed,
          guild.reviewChannelId,
          via === "press" && reviewed.cardMessageId !== null ? "press" : "outbox",
        );
        return { facts: yield* reads.factsOf(reviewed), card };
      }),
    );

  const decideIn = (
    application: Application,
    guild: GuildSettings,
    moderator: Moderator,
    { kind, reason }: { readonly kind: DecisionKind; readonly reason: string | null },
    at: Millis,
  ) =>
    Effect.gen(function* () {
      const { id: by, via } = moderator;
      const claimed =
        application.status === "pending" ? yield* claimIn(application, moderator, at) : application;
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
          ...viaDetails(via),
        },
      });
      if (kind === "perm_reject" || kind === "kick") {
        yield* blocks.put(application.guildId, application.userId, application.id, at);
      }
      yield* planConsequences(outbox, decided, guild, kind, reason);
      return decided;
    });

  return Reviews.of({
    claim: (guildId, reference, moderator) =>
      review(guildId, reference, moderator.via, (application, _guild, at) =>
        claimIn(application, moderator, at),
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
              ...viaDetails(moderator.via),
            },
          });
          return freed;
        }),
      ),
    decide: (guildId, reference, moderator, decision) =>
      review(guildId, reference, moderator.via, (application, guild, at) =>
        decideIn(application, guild, moderator, decision, at),
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
    cardDeleted: (messageId) =>
      outbox.commit(
        Effect.gen(function* () {
          const found = yield* applications.findByCard(messageId);
          if (Option.isNone(found)) {
            outbox.vanished.add(messageId);
            return;
          }
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
  });
});

export const layer = Layer.effect(Reviews, make);
