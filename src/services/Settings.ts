import { Clock, Context, Effect, Layer, Option } from "effect";
import type { Details } from "../domain/Action.js";
import {
  type ChannelId,
  type GuildId,
  type MessageId,
  Millis,
  type RoleId,
  type SideEffectId,
  type UserId,
} from "../domain/Ids.js";
import {
  GuildNotSetUp,
  GuildSettings,
  SETTINGS_DEFAULTS,
  SettingsChanged,
  type SettingsPatch,
} from "../domain/Settings.js";
import { differences, loggedValue, type SettingName, SETTINGS } from "../domain/SettingsTable.js";
import { AuditLog } from "./AuditLog.js";
import { Outbox } from "./Outbox.js";
import { ApplicationRepo } from "./repos/ApplicationRepo.js";
import { SettingsRepo } from "./repos/SettingsRepo.js";

/** What `/gate setup` asks for. */
export interface Setup {
  readonly reviewChannelId: ChannelId;
  readonly gateChannelId: ChannelId;
  readonly generalChannelId: ChannelId;
  readonly acceptedRoleId: RoleId;
  readonly unverifiedChannelId: ChannelId | null;
  readonly reviewerRoleId: RoleId | null;
  readonly modmailChannelId: ChannelId | null;
  readonly loggingChannelId: ChannelId | null;
}

/** What a change was made of. */
export interface SettingsChange {
  readonly before: GuildSettings;
  readonly after: GuildSettings;
}

/** What each guild has set. */
export class Settings extends Context.Tag("app/Settings")<
  Settings,
  {
    readonly get: (guildId: GuildId) => Effect.Effect<GuildSettings, GuildNotSetUp>;
    readonly all: Effect.Effect<ReadonlyArray<GuildSettings>>;
    /**
     * Stores a set-up, logs it as `config_change` and plans the gate message. What an earlier set-up or other commands
     * have set (questions, templates, ages) stays. A new review channel gets the cards of all open applications, and
     * those that have none get one.
     * @returns the planned gate message, whose settlement can be awaited.
     */
    readonly setUp: (guildId: GuildId, by: UserId, setup: Setup) => Effect.Effect<SideEffectId>;
    /**
     * Changes some settings, if nobody has changed any since `seen` was read: compare-and-set on `version`. Logged as
     * `config_change` with the old and the new values. A new review channel gets the cards of all open applications, a
     * new gate channel the gate message, which is redrawn where it shows what has changed. Nothing is written or logged where nothing would change.
     */
    readonly change: (
      seen: Pick<GuildSettings, "guildId" | "version">,
      by: UserId,
      patch: SettingsPatch,
      /** What the row of the log says of where the change was asked for. */
      asked: Details,
    ) => Effect.Effect<SettingsChange, GuildNotSetUp | SettingsChanged>;
    readonly setGateMessage: (guildId: GuildId, messageId: MessageId) => Effect.Effect<void>;
    /** Has the gate message posted again, or pinned again, where this was it (features.md F4). */
    readonly gateMessageGone: (messageId: MessageId) => Effect.Effect<void>;
  }
>() {}

/** Settings whose change is seen in the gate message. */
const GATE_MESSAGE_SHOWS: ReadonlySet<SettingName> = new Set([
  "gate_channel",
  "info_channel",
  "rules_channel",
]);

const make = Effect.gen(function* () {
  const repo = yield* SettingsRepo;
  const applications = yield* ApplicationRepo;
  const audit = yield* AuditLog;
  const outbox = yield* Outbox;

  const get = (guildId: GuildId) =>
    Effect.flatMap(
      repo.find(guildId),
      Option.match({ onNone: () => new GuildNotSetUp({ guildId }), onSome: Effect.succeed }),
    );

  /** Cards go where the review channel is; one that could not be posted before is posted now. */
  const drawCards = (guildId: GuildId, channelId: ChannelId, moved: boolean) =>
    Effect.gen(function* () {
      for (const application of yield* applications.queue(guildId, 1_000)) {
        if (!moved && application.cardMessageId !== null) continue;
        yield* applications.setCard(application.id, channelId, null);
        yield* outbox.drawCard({ ...application, cardMessageId: null }, channelId, "outbox");
      }
    });

  const drawGate = ({ guildId, gateChannelId }: GuildSettings) =>
    outbox.plan(guildId, null, { consequence: { _tag: "GateMessage", channelId: gateChannelId } });

  /** There is one gate message: it stays where it is, or goes with its channel. */
  const gateMessageAfter = (before: GuildSettings, gateChannelId: ChannelId) =>
    Effect.gen(function* () {
      if (before.gateChannelId === gateChannelId || before.gateMessageId === null)
        return before.gateChannelId === gateChannelId ? before.gateMessageId : null;
      yield* outbox.plan(before.guildId, null, {
        consequence: {
          _tag: "DeleteMessage",
          channelId: before.gateChannelId,
          messageId: before.gateMessageId,
        },
      });
      return null;
    });

  return Settings.of({
    get,
    all: repo.all,
    setUp: (guildId, by, setup) =>
      outbox.commit(
        Effect.gen(function* () {
          const now = Millis.make(yield* Clock.currentTimeMillis);
          const earlier = Option.getOrNull(yield* repo.find(guildId));
          const { reviewerRoleId, ...places } = setup;
          const kept = earlier ?? { ...SETTINGS_DEFAULTS, version: 0 };
          const gateMessageId =
            earlier === null ? null : yield* gateMessageAfter(earlier, setup.gateChannelId);
          const stored = GuildSettings.make({
            ...kept,
            ...places,
            reviewerRoleIds: reviewerRoleId === null ? kept.reviewerRoleIds : [reviewerRoleId],
            guildId,
            gateMessageId,
            version: kept.version + 1,
            updatedAt: now,
          });
          yield* repo.put(stored);
          yield* drawCards(
            guildId,
            setup.reviewChannelId,
            earlier !== null && earlier.reviewChannelId !== setup.reviewChannelId,
          );
          for (const id of yield* outbox.takeFailedCards(guildId)) {
            const application = yield* applications.find(guildId, id);
            if (Option.isSome(application)) {
              yield* outbox.drawCard(application.value, setup.reviewChannelId, "outbox");
            }
          }
          yield* audit.record({
            guildId,
            name: "config_change",
            actor: by,
            details: { command: "gate setup", ...setup },
          });
          return yield* drawGate(stored);
        }),
      ),
    change: (seen, by, patch, asked) =>
      outbox.commit(
        Effect.gen(function* () {
          const { guildId } = seen;
          const before = yield* get(guildId);
          if (before.version !== seen.version) return yield* new SettingsChanged({ now: before });
          const wanted = { ...before, ...patch };
          const changed = differences(before, wanted);
          if (changed.length === 0) return { before, after: before };
          const after = GuildSettings.make({
            ...wanted,
            gateMessageId: yield* gateMessageAfter(before, wanted.gateChannelId),
            version: before.version + 1,
            updatedAt: Millis.make(yield* Clock.currentTimeMillis),
          });
          yield* repo.put(after);
          if (changed.includes("review_channel")) yield* drawCards(guildId, after.reviewChannelId, true);
          if (changed.some((name) => GATE_MESSAGE_SHOWS.has(name))) yield* drawGate(after);
          yield* audit.record({
            guildId,
            name: "config_change",
            actor: by,
            details: {
              ...asked,
              ...Object.fromEntries(
                changed.flatMap((name) => [
                  [name, loggedValue(SETTINGS[name], after)],
                  [`${name}_was`, loggedValue(SETTINGS[name], before)],
                ]),
              ),
            },
          });
          return { before, after };
        }),
      ),
    setGateMessage: repo.setGateMessage,
    gateMessageGone: (messageId) =>
      outbox.commit(
        Effect.flatMap(
          repo.findByGateMessage(messageId),
          Option.match({ onNone: () => Effect.void, onSome: (guild) => Effect.asVoid(drawGate(guild)) }),
        ),
      ),
  });
});

export const layer = Layer.effect(Settings, make);
