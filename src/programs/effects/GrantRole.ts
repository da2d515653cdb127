import { Effect } from "effect";
import { Done } from "../../domain/SideEffect.js";
import { Discord } from "../../layers/Discord.js";
import type { SideEffectHandler } from "../kit/SideEffectHandler.js";
import { whileAvailable } from "./subject.js";

/** Idempotent by nature: a role that is there stays there. */
export const grantRole: SideEffectHandler<"GrantRole", Discord> = ({ payload, effect }) =>
  Effect.gen(function* () {
    yield* whileAvailable(effect.guildId);
    const discord = yield* Discord;
    return yield* discord
      .addRole(effect.guildId, payload.userId, payload.roleId, "Application approved")
      .pipe(
        Effect.as(Done()),
        Effect.catchIf(
          (error) => error._tag === "UnknownTarget" && error.target === "member",
          () => Effect.succeed(Done("left")),
        ),
      );
  });
