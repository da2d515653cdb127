import { Clock, Context, Effect, Layer, Struct } from "effect";
import { type GuildId, Millis, type SideEffectId, type UserId } from "../domain/Ids.js";
import type { PasswordProof } from "../domain/Password.js";
import { type GuildNotSetUp, GuildSettings, ResetOutdated, SETTINGS_DEFAULTS } from "../domain/Settings.js";
import { AuditLog } from "./AuditLog.js";
import { Outbox } from "./Outbox.js";
import { ApplicationRepo } from "./repos/ApplicationRepo.js";
import { SettingsRepo } from "./repos/SettingsRepo.js";
import { Settings } from "./Settings.js";
import { Withdrawals } from "./Withdrawals.js";

/** What a form shows that asks for a reset. */
export interface ResetPreview {
  /** How many applications that have been sent would be withdrawn. */
  readonly open: number;
  /** Of the settings that it would bring back to their defaults. */
  readonly version: number;
}

export interface GateWasReset {
  /** How many applications that had been sent were withdrawn. */
  readonly withdrawn: number;
  /** The planned gate message, whose settlement can be awaited. */
  readonly gateMessage: SideEffectId;
}

/** `/gate reset` (features.md F4, docs/decisions/0005). */
export class GateReset extends Context.Tag("app/GateReset")<
  GateReset,
  {
    readonly preview: (guildId: GuildId) => Effect.Effect<ResetPreview, GuildNotSetUp>;
    /** Fails where the settings are others than in the preview of this version. */
    readonly stillAs: (
      guildId: GuildId,
      version: number,
    ) => Effect.Effect<void, GuildNotSetUp | ResetOutdated>;
    /**
     * If the settings are still of this version, in one transaction: withdraws every open application and tells the person, brings back the default questions,
     * templates and rules of who may apply, plans the gate message, and logs `gate_reset`. Channels, roles, blocks, the
     * log and the history of applications stay.
     */
    readonly reset: (
      guildId: GuildId,
      by: UserId,
      proof: PasswordProof,
      version: number,
    ) => Effect.Effect<GateWasReset, GuildNotSetUp | ResetOutdated>;
  }
>() {}

/** What goes back to its default; channels and roles have none. */
const DEFAULTS = Struct.pick(
  SETTINGS_DEFAULTS,
  "questions",
  "minAccountAgeDays",
  "minJoinAgeMinutes",
  "reapplyCooldownHours",
  "gateTemplate",
  "approvalTemplate",
  "rejectionTemplate",
  "kickTemplate",
  "welcomeTemplate",
);

const make = Effect.gen(function* () {
  const applications = yield* ApplicationRepo;
  const audit = yield* AuditLog;
  const outbox = yield* Outbox;
  const repo = yield* SettingsRepo;
  const settings = yield* Settings;
  const withdrawals = yield* Withdrawals;

  const sent = (guildId: GuildId) =>
    Effect.map(applications.open(guildId), (open) => open.filter(({ status }) => status !== "draft").length);

  const seen = (guildId: GuildId, version: number) =>
    Effect.filterOrFail(
      settings.get(guildId),
      (guild) => guild.version === version,
      () => new ResetOutdated(),
    );

  return GateReset.of({
    preview: (guildId) =>
      Effect.gen(function* () {
        const { version } = yield* settings.get(guildId);
        return { version, open: yield* sent(guildId) };
      }),
    stillAs: (guildId, version) => Effect.asVoid(seen(guildId, version)),
    reset: (guildId, by, proof, version) =>
      outbox.commit(
        Effect.gen(function* () {
          const before = yield* seen(guildId, version);
          const withdrawn = yield* sent(guildId);
          for (const application of yield* applications.open(guildId)) {
            // Nobody can be faster inside a transaction.
            yield* Effect.orDie(withdrawals.end(application, { by, reason: "gate reset" }));
            if (application.status === "draft") continue;
            yield* outbox.plan(guildId, application.id, {
              consequence: { _tag: "ResetMessage", userId: application.userId },
            });
          }
          yield* repo.put(
            GuildSettings.make({
              ...before,
              ...DEFAULTS,
              version: before.version + 1,
              updatedAt: Millis.make(yield* Clock.currentTimeMillis),
            }),
          );
          yield* audit.record({
            guildId,
            name: "gate_reset",
            actor: by,
            details: { ...proof, withdrawn },
          });
          const gateMessage = yield* outbox.plan(guildId, null, {
            consequence: { _tag: "GateMessage", channelId: before.gateChannelId },
          });
          return { withdrawn, gateMessage };
        }),
      ),
  });
});

export const layer = Layer.effect(GateReset, make);
