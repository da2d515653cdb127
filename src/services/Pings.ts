import { Clock, Context, Effect, Layer } from "effect";
import { type ApplicationNotFound, IllegalTransition } from "../domain/Application.js";
import { type ChannelId, type GuildId, Millis, type SideEffectId, type UserId } from "../domain/Ids.js";
import { type Moderator, viaDetails } from "../domain/Moderator.js";
import {
  ApplicantLeft,
  NoUnverifiedChannel,
  PingedRecently,
  type PingRefusal,
  PingsPaused,
} from "../domain/Ping.js";
import type { GuildNotSetUp } from "../domain/Settings.js";
import { PING_LIFETIME_MILLIS } from "../domain/SideEffect.js";
import { Discord } from "../layers/Discord.js";
import type { DiscordError } from "../layers/discord/Errors.js";
import { Applications, type Reference } from "./Applications.js";
import { AuditLog } from "./AuditLog.js";
import { Outbox } from "./Outbox.js";
import { Raid } from "./Raid.js";
import { Settings } from "./Settings.js";

/** A ping that is planned, and where it will stand. */
export interface Pinged {
  readonly id: SideEffectId;
  readonly userId: UserId;
  readonly channelId: ChannelId;
}

/** Calling applicants in the unverified channel (features.md F5). */
export class Pings extends Context.Tag("app/Pings")<
  Pings,
  {
    /**
     * Plans a message that mentions the applicant and goes away by itself; logged as `send`. Refused where no unverified
     * channel is set, panic mode is on, the person is not in the guild, the application is not open, or the last ping still stands.
     */
    readonly ping: (
      guildId: GuildId,
      reference: Reference,
      by: Pick<Moderator, "id" | "via">,
    ) => Effect.Effect<
      Pinged,
      ApplicationNotFound | IllegalTransition | PingRefusal | GuildNotSetUp | DiscordError
    >;
  }
>() {}

const make = Effect.gen(function* () {
  const applications = yield* Applications;
  const audit = yield* AuditLog;
  const discord = yield* Discord;
  const outbox = yield* Outbox;
  const raid = yield* Raid;
  const settings = yield* Settings;

  return Pings.of({
    ping: (guildId, reference, by) =>
      Effect.gen(function* () {
        const { unverifiedChannelId: channelId } = yield* settings.get(guildId);
        if (channelId === null) return yield* new NoUnverifiedChannel();
        const { id, userId, code } = yield* applications.resolve(guildId, reference);
        if (yield* raid.isPanicking(guildId)) return yield* new PingsPaused({ code });
        // Asked before the transaction: nothing waits for the network inside one.
        if (!(yield* discord.isMember(guildId, userId))) return yield* new ApplicantLeft({ code });
        return yield* outbox.commit(
          Effect.gen(function* () {
            const { status, decidedBy } = yield* applications.resolve(guildId, { _tag: "Id", id });
            if (status !== "pending" && status !== "claimed") {
              return yield* new IllegalTransition({ code, status, decidedBy, attempted: "ping" });
            }
            const now = yield* Clock.currentTimeMillis;
            const pings = (yield* outbox.ofApplication(id)).filter(({ kind }) => kind === "PingPost");
            const until = Math.max(0, ...pings.map(({ createdAt }) => createdAt)) + PING_LIFETIME_MILLIS;
            if (until > now) return yield* new PingedRecently({ code, until: Millis.make(until) });
            yield* audit.record({
              guildId,
              name: "send",
              actor: by.id,
              target: userId,
              applicationId: id,
              details: { code, channel: channelId, ping: true, ...viaDetails(by.via) },
            });
            const effect = yield* outbox.plan(guildId, id, {
              consequence: { _tag: "PingPost", channelId, userId },
            });
            return { id: effect, userId, channelId };
          }),
        );
      }),
  });
});

export const layer = Layer.effect(Pings, make);
