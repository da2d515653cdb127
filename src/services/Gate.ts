import { Clock, Context, Effect, Layer, Option, Random } from "effect";
import { type Answer, Application } from "../domain/Application.js";
import { SYSTEM_ACTOR } from "../domain/Action.js";
import {
  AccountTooYoung,
  AlreadyApplied,
  AlreadyMember,
  Blocked,
  CoolingDown,
  GateClosed,
  JoinedTooRecently,
  type Refusal,
} from "../domain/Gate.js";
import { ApplicationId, createdAt, type GuildId, Millis, ShortCode, type UserId } from "../domain/Ids.js";
import type { Member } from "../domain/Person.js";
import type { GuildNotSetUp, GuildSettings } from "../domain/Settings.js";
import { AuditLog } from "./AuditLog.js";
import { freshId } from "./Identity.js";
import { Outbox } from "./Outbox.js";
import { Raid } from "./Raid.js";
import { ApplicationRepo } from "./repos/ApplicationRepo.js";
import { BlockRepo } from "./repos/BlockRepo.js";
import { JoinRepo } from "./repos/JoinRepo.js";
import { Settings } from "./Settings.js";
import { Withdrawals } from "./Withdrawals.js";

/** What a person who may apply needs to see: the questions, and what they typed before. */
export interface Invitation {
  readonly questions: ReadonlyArray<string>;
  readonly draft: ReadonlyArray<Answer>;
}

/** The way in (features.md F4): who may apply, drafts, submission, joining and leaving. */
export class Gate extends Context.Tag("app/Gate")<
  Gate,
  {
    /** Whether this person may apply now, and with which questions. Reads only by index. */
    readonly invite: (guildId: GuildId, member: Member) => Effect.Effect<Invitation, Refusal | GuildNotSetUp>;
    /** The same for a form that comes in: it may have been opened before panic mode closed the gate. */
    readonly received: (
      guildId: GuildId,
      member: Member,
    ) => Effect.Effect<Invitation, Refusal | GuildNotSetUp>;
    /** Also while the gate is closed. Keeps what was typed, so that nobody has to type it twice. */
    readonly saveDraft: (
      guildId: GuildId,
      member: Member,
      answers: ReadonlyArray<Answer>,
    ) => Effect.Effect<void, Refusal | GuildNotSetUp>;
    /**
     * Stores the application once, logs `app_submitted` and plans the card and the confirming message, in one
     * transaction. A second submission by the same person is refused with `AlreadyApplied`.
     */
    readonly submit: (
      guildId: GuildId,
      member: Member,
      answers: ReadonlyArray<Answer>,
    ) => Effect.Effect<Application, Refusal | GuildNotSetUp>;
    /**
     * Logs joins, each once for each moment at which this person joined, and looks once whether they make a wave. One
     * transaction.
     */
    readonly membersJoined: (
      guildId: GuildId,
      joins: ReadonlyArray<{ readonly userId: UserId; readonly joinedAt: Millis | null }>,
    ) => Effect.Effect<void>;
    /** Logs those joins that nobody has logged yet, with their true times. @returns how many those were. */
    readonly joinedMeanwhile: (
      guildId: GuildId,
      joins: ReadonlyArray<{ readonly userId: UserId; readonly joinedAt: Millis }>,
    ) => Effect.Effect<number>;
    /** Withdraws what is open and has the card say that the person is gone. */
    readonly memberLeft: (guildId: GuildId, userId: UserId) => Effect.Effect<void>;
  }
>() {}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const snapshotOf = ({ username, displayName, avatarUrl, joinedAt }: Member) => ({
  username,
  displayName,
  avatarUrl,
  joinedAt,
});

const freshCode = Effect.map(Random.nextIntBetween(0, 0x1000000), (n) =>
  ShortCode.make(n.toString(16).padStart(6, "0")),
);

const make = Effect.gen(function* () {
  const applications = yield* ApplicationRepo;
  const audit = yield* AuditLog;
  const blocks = yield* BlockRepo;
  const joins = yield* JoinRepo;
  const outbox = yield* Outbox;
  const raid = yield* Raid;
  const settings = yield* Settings;
  const withdrawals = yield* Withdrawals;

  const isOpen = (guildId: GuildId) =>
    Effect.flatMap(raid.isPanicking(guildId), (closed) =>
      closed ? Effect.fail(new GateClosed({ kept: false })) : Effect.void,
    );

  /** The draft to go on with, or why not. */
  const mayApply = (guildId: GuildId, member: Member, guild: GuildSettings) =>
    Effect.gen(function* () {
      const now = yield* Clock.currentTimeMillis;
      if (Option.isSome(yield* blocks.find(guildId, member.id))) return yield* new Blocked();
      const open = yield* applications.findOpenOf(guildId, member.id);
      if (Option.isSome(open) && open.value.status !== "draft") {
        return yield* new AlreadyApplied({ code: open.value.code, status: open.value.status });
      }
      if (member.roles.includes(guild.acceptedRoleId)) return yield* new AlreadyMember();
      const oldEnough = createdAt(member.id) + guild.minAccountAgeDays * DAY;
      if (oldEnough > now) return yield* new AccountTooYoung({ until: Millis.make(oldEnough) });
      const longEnough = (member.joinedAt ?? 0) + guild.minJoinAgeMinutes * MINUTE;
      if (longEnough > now) return yield* new JoinedTooRecently({ until: Millis.make(longEnough) });
      const [latest] = yield* applications.historyOf(guildId, member.id, 1);
      if (latest?.status === "rejected" && latest.decidedAt !== null) {
        const until = latest.decidedAt + guild.reapplyCooldownHours * HOUR;
        if (until > now) return yield* new CoolingDown({ until: Millis.make(until) });
      }
      return open;
    });

  const create = (
    guildId: GuildId,
    member: Member,
    state: { readonly status: "draft" | "pending"; readonly answers: ReadonlyArray<Answer> },
    now: Millis,
  ): Effect.Effect<Application, AlreadyApplied> =>
    Effect.gen(function* () {
      const application = Application.make({
        id: yield* freshId(ApplicationId),
        guildId,
        userId: member.id,
        code: yield* freshCode,
        ...snapshotOf(member),
        status: state.status,
        version: 1,
        answers: state.answers,
        submittedAt: state.status === "pending" ? now : null,
        claimedBy: null,
        claimedAt: null,
        decidedBy: null,
        decidedAt: null,
        reason: null,
        leftAt: null,
        cardChannelId: null,
        cardMessageId: null,
        createdAt: now,
        updatedAt: now,
      });
      if (yield* applications.insert(application)) return application;
      const open = yield* applications.findOpenOf(guildId, member.id);
      if (Option.isSome(open))
        return yield* new AlreadyApplied({ code: open.value.code, status: open.value.status });
      return yield* create(guildId, member, state, now);
    });

  /** Puts answers into the person's draft, or into a new row. */
  const store = (
    guildId: GuildId,
    member: Member,
    status: "draft" | "pending",
    answers: ReadonlyArray<Answer>,
  ): Effect.Effect<readonly [Application, GuildSettings], Refusal | GuildNotSetUp> =>
    Effect.gen(function* () {
      const guild = yield* settings.get(guildId);
      const now = Millis.make(yield* Clock.currentTimeMillis);
      if (status === "pending") yield* isOpen(guildId);
      const draft = yield* mayApply(guildId, member, guild);
      if (Option.isNone(draft))
        return [yield* create(guildId, member, { status, answers }, now), guild] as const;
      const changed = yield* applications.change(
        draft.value,
        { status, answers, ...snapshotOf(member), ...(status === "pending" ? { submittedAt: now } : {}) },
        now,
      );
      if (Option.isSome(changed)) return [changed.value, guild] as const;
      return yield* new AlreadyApplied({ code: draft.value.code, status: "pending" });
    });

  const invitation = (guildId: GuildId, member: Member) =>
    Effect.gen(function* () {
      const guild = yield* settings.get(guildId);
      const draft = yield* mayApply(guildId, member, guild);
      return {
        questions: guild.questions,
        draft: Option.match(draft, { onNone: () => [], onSome: ({ answers }) => answers }),
      };
    });

  return Gate.of({
    invite: (guildId, member) => Effect.zipRight(isOpen(guildId), invitation(guildId, member)),
    received: invitation,
    saveDraft: (guildId, member, answers) =>
      outbox.commit(Effect.asVoid(store(guildId, member, "draft", answers))),
    submit: (guildId, member, answers) =>
      outbox.commit(
        Effect.gen(function* () {
          const [application, guild] = yield* store(guildId, member, "pending", answers);
          yield* audit.record({
            guildId,
            name: "app_submitted",
            actor: member.id,
            target: member.id,
            applicationId: application.id,
            details: { code: application.code, answers: answers.length },
          });
          yield* outbox.drawCard(application, guild.reviewChannelId, "outbox");
          yield* outbox.plan(guildId, application.id, {
            consequence: { _tag: "ReceivedMessage", userId: member.id },
          });
          return application;
        }),
      ),
    membersJoined: (guildId, joined) =>
      outbox.commit(
        Effect.gen(function* () {
          const now = Millis.make(yield* Clock.currentTimeMillis);
          const fresh = yield* Effect.filter(joined, ({ userId, joinedAt }) =>
            joins.add(guildId, userId, joinedAt ?? now),
          );
          for (const { userId } of fresh) {
            yield* audit.record({ guildId, name: "member_join", actor: userId, target: userId });
          }
          if (fresh.length > 0) yield* raid.joined(guildId);
        }),
      ),
    joinedMeanwhile: (guildId, missed) =>
      outbox.commit(
        Effect.gen(function* () {
          const fresh = yield* Effect.filter(missed, ({ userId, joinedAt }) =>
            joins.add(guildId, userId, joinedAt),
          );
          for (const { userId, joinedAt } of fresh) {
            yield* audit.record({
              guildId,
              name: "member_join",
              actor: userId,
              target: userId,
              reason: "while the bot was away",
              details: { joined_at: joinedAt },
            });
          }
          return fresh.length;
        }),
      ),
    memberLeft: (guildId, userId) =>
      outbox.commit(
        Effect.gen(function* () {
          const open = yield* applications.findOpenOf(guildId, userId);
          if (Option.isNone(open)) return;
          // Nobody can be faster inside a transaction.
          yield* Effect.orDie(withdrawals.end(open.value, { by: SYSTEM_ACTOR, reason: "left the server" }));
        }),
      ),
  });
});

export const layer = Layer.effect(Gate, make);
