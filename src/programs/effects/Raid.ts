import { Effect } from "effect";
import { Done } from "../../domain/SideEffect.js";
import { Discord } from "../../layers/Discord.js";
import { Raid } from "../../services/Raid.js";
import { sendOnce, type SideEffectHandler } from "../kit/SideEffectHandler.js";
import { digest, digestMarker, joinWave, joinWaveMarker } from "../views/RaidReport.js";

/** Draws what is so now. One that was deleted is posted again while it is needed. */
export const drawDigest: SideEffectHandler<"DrawDigest", Discord | Raid> = ({ payload, effect, repeated }) =>
  Effect.gen(function* () {
    const discord = yield* Discord;
    const raid = yield* Raid;
    const facts = yield* raid.facts(effect.guildId);
    const { panic } = facts;
    if (panic === null) return Done();
    // While it is on, `since` names this panic; the digest is found by it again.
    const marker = digestMarker(facts);
    if (panic.digestChannelId !== null && panic.digestMessageId !== null) {
      const edited = yield* discord
        .editMessage(panic.digestChannelId, panic.digestMessageId, digest(facts, marker))
        .pipe(
          Effect.as(true),
          Effect.catchTag("UnknownTarget", () => Effect.succeed(false)),
        );
      if (edited) return Done();
    }
    if (!panic.isOn) return Done();
    const messageId = yield* sendOnce(payload.channelId, digest(facts, marker), { effect, repeated }, marker);
    yield* raid.setDigest(effect.guildId, payload.channelId, messageId);
    return Done();
  });

export const joinWaveAlert: SideEffectHandler<"JoinWaveAlert", Discord> = ({ payload, effect, repeated }) =>
  Effect.gen(function* () {
    const { channelId, joins, at, panicked } = payload;
    yield* sendOnce(channelId, joinWave(joins, at, panicked), { effect, repeated }, joinWaveMarker(at));
    return Done();
  });
