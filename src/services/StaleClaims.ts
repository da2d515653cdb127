import { Clock, Context, Effect, Either, Layer, Option } from "effect";
import { SYSTEM_ACTOR } from "../domain/Action.js";
import { transition } from "../domain/Application.js";
import { Millis, type ShortCode, type UserId } from "../domain/Ids.js";
import type { GuildSettings } from "../domain/Settings.js";
import { AuditLog } from "./AuditLog.js";
import { Outbox } from "./Outbox.js";
import { ApplicationRepo } from "./repos/ApplicationRepo.js";
import { Settings } from "./Settings.js";

const MINUTE = 60_000;
/** At most so many of a guild at once: more follow a minute later. */
const AT_ONCE = 100;

/** Claims that nobody acts on (features.md F5). */
export class StaleClaims extends Context.Tag("app/StaleClaims")<
  StaleClaims,
  {
    /**
     * Hands back claims older than the guild's `stale_claim_minutes`, logs each as `stale_release` with whose it was, and
     * plans one message for each moderator who had some. @returns how many.
     */
    readonly release: Effect.Effect<number>;
  }
>() {}

const make = Effect.gen(function* () {
  const applications = yield* ApplicationRepo;
  const audit = yield* AuditLog;
  const outbox = yield* Outbox;
  const settings = yield* Settings;

  const releaseIn = ({ guildId, reviewChannelId, staleClaimMinutes }: GuildSettings) =>
    Effect.gen(function* () {
      const at = Millis.make(yield* Clock.currentTimeMillis);
      const claimedBefore = Millis.make(Math.max(at - staleClaimMinutes * MINUTE, 0));
      const released = new Map<UserId, Array<ShortCode>>();
      for (const stale of yield* applications.staleClaims(guildId, claimedBefore, AT_ONCE)) {
        const { id, code, userId, claimedBy } = stale;
        const next = transition(stale, { _tag: "stale_release" });
        if (Either.isLeft(next) || claimedBy === null) continue;
        const pending = { status: next.right.status, claimedBy: null, claimedAt: null };
        const freed = yield* applications.change(stale, pending, at);
        if (Option.isNone(freed)) continue;
        yield* audit.record({
          guildId,
          name: "stale_release",
          actor: SYSTEM_ACTOR,
          target: userId,
          applicationId: id,
          details: { code, claimed_by: claimedBy },
        });
        yield* outbox.drawCard(freed.value, reviewChannelId, "outbox");
        released.set(claimedBy, [...(released.get(claimedBy) ?? []), code]);
      }
      for (const [moderator, codes] of released) {
        yield* outbox.plan(guildId, null, {
          consequence: { _tag: "ReleasedMessage", userId: moderator, codes },
        });
      }
      return [...released.values()].flat().length;
    });

  return StaleClaims.of({
    release: Effect.flatMap(settings.all, (guilds) =>
      Effect.reduce(guilds, 0, (sum, guild) =>
        Effect.map(outbox.commit(releaseIn(guild)), (released) => sum + released),
      ),
    ),
  });
});

export const layer = Layer.effect(StaleClaims, make);
