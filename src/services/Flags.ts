import { Clock, Context, Effect, Layer, Option } from "effect";
import { SYSTEM_ACTOR } from "../domain/Action.js";
import type { ChosenChannelHealth } from "../domain/ChosenChannel.js";
import {
  AlreadyFlagged,
  Flag,
  FLAG_COOLDOWN_MILLIS,
  FlaggedRecently,
  type FlagRefusal,
  NotFlaggable,
  NotFlagged,
} from "../domain/Flag.js";
import { FlagId, type GuildId, Millis, type UserId } from "../domain/Ids.js";
import { type Via, viaDetails } from "../domain/Moderator.js";
import type { Person } from "../domain/Person.js";
import type { GuildNotSetUp, GuildSettings } from "../domain/Settings.js";
import type { Consequence } from "../domain/SideEffect.js";
import { AppConfig } from "../layers/Config.js";
import { Discord } from "../layers/Discord.js";
import { AuditLog } from "./AuditLog.js";
import { choose, healthOf } from "./ChosenChannel.js";
import { freshId } from "./Identity.js";
import { Outbox } from "./Outbox.js";
import { ApplicationRepo } from "./repos/ApplicationRepo.js";
import { FlagRepo } from "./repos/FlagRepo.js";
import { Settings } from "./Settings.js";

/** A flag that was set, and whether moderators are told. */
export interface Flagged {
  readonly flag: Flag;
  /** Where the alert goes; none where no channel is set. */
  readonly channel: ChosenChannelHealth | null;
  /** Whether the person is in the guild; `null` where Discord does not say. */
  readonly isHere: boolean | null;
}

/** What `/config get flags` shows. */
export interface FlagFacts {
  readonly channel: ChosenChannelHealth | null;
  readonly thresholdDays: number;
  /** Whether the threshold is `SILENT_FIRST_MSG_DAYS`. */
  readonly isDefault: boolean;
  readonly open: number;
}

export interface FlagPage {
  readonly flags: ReadonlyArray<Flag>;
  /** Whether there are more after them. */
  readonly more: boolean;
  /** How many are open in the guild. */
  readonly open: number;
}

/** What raised a flag: its alert links to it. */
type Raising = Extract<Consequence, { readonly _tag: "FlagPost" }>["message"];

/** People whom moderators should look at (features.md F12). */
export class Flags extends Context.Tag("app/Flags")<
  Flags,
  {
    /**
     * Flags somebody by hand, logs it as `flag`, plans the alert and has the card redrawn. People who left can be flagged
     * too. Refused for bots, oneself, and the owners of the server and of the bot; within 15 s after the same moderator's
     * last flag; and where the person has an open one.
     */
    readonly flag: (
      guildId: GuildId,
      person: Pick<Person, "id" | "bot">,
      by: UserId,
      reason: string,
      via?: Via,
    ) => Effect.Effect<Flagged, FlagRefusal | GuildNotSetUp>;
    /** Closes the open flag, logs it as `unflag` and has the card redrawn. */
    readonly unflag: (
      guildId: GuildId,
      userId: UserId,
      by: UserId,
      reason: string | null,
      via?: Via,
    ) => Effect.Effect<void, NotFlagged | GuildNotSetUp>;
    /**
     * Flags that are open, or closed, the newest first.
     * @param from the last of the page before.
     */
    readonly page: (
      guildId: GuildId,
      state: "open" | "closed",
      from: { readonly at: Millis; readonly id: FlagId } | null,
      limit: number,
    ) => Effect.Effect<FlagPage>;
    /** Closes this flag, as `unflag` does. @returns `false` where the guild has no such flag. */
    readonly close: (
      guildId: GuildId,
      id: FlagId,
      by: UserId,
      reason: string | null,
      via?: Via,
    ) => Effect.Effect<boolean, NotFlagged | GuildNotSetUp>;
    readonly find: (id: FlagId) => Effect.Effect<Option.Option<Flag>>;
    readonly facts: (guildId: GuildId) => Effect.Effect<FlagFacts, GuildNotSetUp>;
    /**
     * Sets a flag in the name of the bot, unless one is open; for use inside a transaction.
     * @returns whether there is a new one.
     */
    readonly flagSilent: (
      guild: GuildSettings,
      userId: UserId,
      days: number,
      message: NonNullable<Raising>,
    ) => Effect.Effect<boolean>;
    /** After how many days a first message raises a flag. */
    readonly thresholdOf: (guild: GuildSettings) => number;
  }
>() {}

const make = Effect.gen(function* () {
  const applications = yield* ApplicationRepo;
  const audit = yield* AuditLog;
  const config = yield* AppConfig;
  const discord = yield* Discord;
  const flags = yield* FlagRepo;
  const outbox = yield* Outbox;
  const settings = yield* Settings;

  const now = Effect.map(Clock.currentTimeMillis, (at) => Millis.make(at));
  const channelOf = ({ guildId, flagsChannelId }: GuildSettings) =>
    Effect.transposeMapOption(choose(flagsChannelId, config.flags.channelId), (chosen) =>
      healthOf(discord, guildId, chosen),
    );
  const thresholdOf = ({ flagsThresholdDays }: GuildSettings) =>
    flagsThresholdDays ?? config.flags.silentFirstMessageDays;

  const isOwner = (guildId: GuildId, userId: UserId) =>
    Effect.map(
      discord.guild(guildId),
      (guild) => config.ownerIds.includes(userId) || guild?.ownerId === userId,
    );

  const notYet = (guildId: GuildId, userId: UserId) =>
    Effect.flatMap(
      flags.findOpen(guildId, userId),
      Option.match({
        onNone: () => Effect.void,
        onSome: ({ flaggedBy, at }) => new AlreadyFlagged({ userId, by: flaggedBy, at }),
      }),
    );

  /** The newest application of a person, whose card shows the flag. */
  const applicationOf = (guildId: GuildId, userId: UserId) =>
    Effect.map(applications.historyOf(guildId, userId, 1), ([latest]) => latest ?? null);

  /** Log and card, in the transaction that set or closed a flag. */
  const record = (
    { guildId, reviewChannelId }: GuildSettings,
    entry: Pick<Parameters<typeof audit.record>[0], "name" | "actor" | "reason" | "details">,
    userId: UserId,
  ) =>
    Effect.gen(function* () {
      const application = yield* applicationOf(guildId, userId);
      yield* audit.record({
        ...entry,
        guildId,
        target: userId,
        ...(application === null ? {} : { applicationId: application.id }),
        details: { ...entry.details, ...(application === null ? {} : { code: application.code }) },
      });
      // A card that was never posted is not posted for a flag alone.
      if (application !== null && application.cardMessageId !== null)
        yield* outbox.drawCard(application, reviewChannelId, "outbox");
    });

  /** A channel of another guild would show it to the wrong people. */
  const alert = (
    { guildId }: GuildSettings,
    { id }: Flag,
    channel: ChosenChannelHealth | null,
    message: Raising,
  ) =>
    channel === null || (!channel.inGuild && channel.exists)
      ? Effect.void
      : outbox.plan(guildId, null, {
          consequence: { _tag: "FlagPost", channelId: channel.channelId, flagId: id, message },
        });

  const fresh = (fields: Pick<Flag, "guildId" | "userId" | "kind" | "flaggedBy" | "reason">) =>
    Effect.gen(function* () {
      return Flag.make({
        ...fields,
        id: yield* freshId(FlagId),
        at: yield* now,
        closedAt: null,
        closedBy: null,
        closedReason: null,
      });
    });

  const unflag = (guildId: GuildId, userId: UserId, by: UserId, reason: string | null, via: Via) =>
    Effect.gen(function* () {
      const guild = yield* settings.get(guildId);
      const closed = yield* flags.close(guildId, userId, by, reason, yield* now);
      if (Option.isNone(closed)) return yield* new NotFlagged({ userId });
      yield* record(guild, { name: "unflag", actor: by, reason, details: viaDetails(via) }, userId);
    });

  return Flags.of({
    find: flags.find,
    thresholdOf,
    page: (guildId, state, from, limit) =>
      Effect.zipWith(
        flags.page(guildId, state, from, limit + 1),
        flags.countOpen(guildId),
        (found, open) => ({ flags: found.slice(0, limit), more: found.length > limit, open }),
      ),
    close: (guildId, id, by, reason, via = "command") =>
      outbox.commit(
        Effect.gen(function* () {
          const found = Option.getOrNull(yield* flags.find(id));
          if (found === null || found.guildId !== guildId) return false;
          // Another flag of the same person may be open by now.
          if (found.closedAt !== null) return yield* new NotFlagged({ userId: found.userId });
          yield* unflag(guildId, found.userId, by, reason, via);
          return true;
        }),
      ),
    flag: (guildId, person, by, reason, via = "command") =>
      Effect.gen(function* () {
        const userId = person.id;
        const guild = yield* settings.get(guildId);
        if (person.bot) return yield* new NotFlaggable({ why: "bot" });
        if (userId === by) return yield* new NotFlaggable({ why: "self" });
        if (yield* isOwner(guildId, userId)) return yield* new NotFlaggable({ why: "owner" });
        // Asked before the transaction: nothing waits for the network inside one.
        const isHere = yield* Effect.catchAll(discord.isMember(guildId, userId), (error) =>
          Effect.as(Effect.logDebug("Whether a flagged person is here is not known", error), null),
        );
        const channel = Option.getOrNull(yield* channelOf(guild));
        return yield* outbox.commit(
          Effect.gen(function* () {
            yield* notYet(guildId, userId);
            const last = yield* flags.lastBy(guildId, by);
            const until = Option.match(last, { onNone: () => 0, onSome: (at) => at + FLAG_COOLDOWN_MILLIS });
            if (until > (yield* now)) return yield* new FlaggedRecently({ until: Millis.make(until) });
            const flag = yield* fresh({ guildId, userId, kind: "manual", flaggedBy: by, reason });
            if (!(yield* flags.insert(flag))) yield* notYet(guildId, userId);
            const details = { kind: flag.kind, ...viaDetails(via) };
            yield* record(guild, { name: "flag", actor: by, reason, details }, userId);
            yield* alert(guild, flag, channel, null);
            return { flag, channel, isHere };
          }),
        );
      }),
    unflag: (guildId, userId, by, reason, via = "command") =>
      outbox.commit(unflag(guildId, userId, by, reason, via)),
    facts: (guildId) =>
      Effect.gen(function* () {
        const guild = yield* settings.get(guildId);
        return {
          channel: Option.getOrNull(yield* channelOf(guild)),
          thresholdDays: thresholdOf(guild),
          isDefault: guild.flagsThresholdDays === null,
          open: yield* flags.countOpen(guildId),
        };
      }),
    flagSilent: (guild, userId, days, message) =>
      Effect.gen(function* () {
        const { guildId } = guild;
        if (yield* isOwner(guildId, userId)) return false;
        const reason = `First message ${days} days after joining`;
        const flag = yield* fresh({ guildId, userId, kind: "silent", flaggedBy: SYSTEM_ACTOR, reason });
        if (!(yield* flags.insert(flag))) return false;
        yield* record(
          guild,
          { name: "flag", actor: SYSTEM_ACTOR, reason, details: { kind: flag.kind, days } },
          userId,
        );
        yield* alert(guild, flag, Option.getOrNull(yield* channelOf(guild)), message);
        return true;
      }),
  });
});

export const layer = Layer.effect(Flags, make);
