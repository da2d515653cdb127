import { Clock, Context, Effect, Layer, Option } from "effect";
import {
  type ChannelId,
  type GuildId,
  type MessageId,
  Millis,
  type RoleId,
  type SideEffectId,
  type UserId,
} from "../domain/Ids.js";
import { GuildNotSetUp, GuildSettings, SETTINGS_DEFAULTS } from "../domain/Settings.js";
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
    readonly setGateMessage: (guildId: GuildId, messageId: MessageId) => Effect.Effect<void>;
  }
>() {}

const make = Effect.gen(function* () {
  const repo = yield* SettingsRepo;
  const applications = yield* ApplicationRepo;
  const audit = yield* AuditLog;
  const outbox = yield* Outbox;

  return Settings.of({
    get: (guildId) =>
      Effect.flatMap(
        repo.find(guildId),
        Option.match({ onNone: () => new GuildNotSetUp({ guildId }), onSome: Effect.succeed }),
      ),
    all: repo.all,
    setUp: (guildId, by, setup) =>
      outbox.commit(
        Effect.gen(function* () {
          const now = yield* Clock.currentTimeMillis;
          const earlier = yield* repo.find(guildId);
          const kept = Option.match(earlier, {
            onNone: () => ({ ...SETTINGS_DEFAULTS, gateMessageId: null }),
            onSome: (settings) => ({
              ...settings,
              gateMessageId: settings.gateChannelId === setup.gateChannelId ? settings.gateMessageId : null,
            }),
          });
          yield* repo.put(GuildSettings.make({ ...kept, ...setup, guildId, updatedAt: Millis.make(now) }));
          const moved = Option.exists(earlier, (was) => was.reviewChannelId !== setup.reviewChannelId);
          for (const application of yield* applications.queue(guildId, 1_000)) {
            // A card that could not be posted before is posted now.
            if (!moved && application.cardMessageId !== null) continue;
            yield* applications.setCard(application.id, setup.reviewChannelId, null);
            yield* outbox.drawCard({ ...application, cardMessageId: null }, setup.reviewChannelId, "outbox");
          }
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
          return yield* outbox.plan(guildId, null, {
            consequence: { _tag: "GateMessage", channelId: setup.gateChannelId },
          });
        }),
      ),
    setGateMessage: repo.setGateMessage,
  });
});

export const layer = Layer.effect(Settings, make);
