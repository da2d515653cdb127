import { Clock, Effect, Option } from "effect";
import { Done } from "../../domain/SideEffect.js";
import { Discord } from "../../layers/Discord.js";
import { Settings } from "../../services/Settings.js";
import { sendOnce, type SideEffectHandler } from "../kit/SideEffectHandler.js";
import { GATE_MARKER, gateMessage } from "../views/GateMessage.js";
import { tokenValues } from "../../domain/TokenValues.js";
import { gone, guildOf } from "./subject.js";

/** Edits the gate message that is there (the stored one, else a pinned one of the bot's own), else posts and pins one. */
export const postGateMessage: SideEffectHandler<"GateMessage", Discord | Settings> = ({
  payload,
  effect,
  repeated,
}) =>
  Effect.gen(function* () {
    const discord = yield* Discord;
    const found = yield* guildOf(effect.guildId);
    if (Option.isNone(found)) return yield* gone;
    const { channelId } = payload;
    const values = tokenValues(found.value.guild, found.value.settings, null, yield* Clock.currentTimeMillis);
    const message = gateMessage(found.value.settings, values);

    const pinned = (yield* discord.pinnedByMe(channelId)).find(({ raw }) => raw.includes(GATE_MARKER));
    for (const known of [found.value.settings.gateMessageId, pinned?.id ?? null]) {
      if (known === null) continue;
      const edited = yield* discord.editMessage(channelId, known, message).pipe(
        Effect.as(true),
        Effect.catchTag("UnknownTarget", (error) =>
          error.target === "message" ? Effect.succeed(false) : Effect.fail(error),
        ),
      );
      if (!edited) continue;
      if (pinned?.id !== known) yield* discord.pinMessage(channelId, known);
      return Done(null, { channelId, messageId: known, mayBeOld: false });
    }
    const messageId = yield* sendOnce(channelId, message, { effect, repeated }, GATE_MARKER);
    // Remembered before it is pinned: where pinning is refused, the next set-up must not post a second one.
    yield* Effect.flatMap(Settings, (settings) => settings.setGateMessage(effect.guildId, messageId));
    yield* discord.pinMessage(channelId, messageId);
    return Done(null, { channelId, messageId, mayBeOld: false });
  });
