import { Effect } from "effect";
import { Done } from "../../domain/SideEffect.js";
import { Discord } from "../../layers/Discord.js";
import type { SideEffectHandler } from "../kit/SideEffectHandler.js";
import { whileAvailable } from "./subject.js";

/** Idempotent by nature. Somebody who is gone at the first attempt left; at a later one, the first one worked. */
export const kickMember: SideEffectHandler<"KickMember", Discord> = ({ payload, effect, repeated }) =>
  Effect.gen(function* () {
    yield* whileAvailable(effect.guildId);
    const discord = yield* Discord;
    return yield* discord.kick(effect.guildId, payload.userId, payload.reason ?? "Application declined").pipe(
      Effect.as(Done()),
      Effect.catchIf(
        (error) => error._tag === "UnknownTarget" && error.target === "member",
        () => Effect.succeed(Done(repeated ? null : "left")),
      ),
    );
  });
