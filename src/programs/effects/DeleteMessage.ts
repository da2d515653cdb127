import { Effect } from "effect";
import { Done } from "../../domain/SideEffect.js";
import { Discord } from "../../layers/Discord.js";
import type { SideEffectHandler } from "../kit/SideEffectHandler.js";

/** Idempotent by nature: what is gone is gone, and so is what stood in a channel that was deleted. */
export const deleteMessage: SideEffectHandler<"DeleteMessage", Discord> = ({ payload }) =>
  Effect.gen(function* () {
    const discord = yield* Discord;
    return yield* discord.deleteMessage(payload.channelId, payload.messageId).pipe(
      Effect.as(Done()),
      Effect.catchTag("UnknownTarget", () => Effect.succeed(Done())),
    );
  });
