import { Effect, Option } from "effect";
import { Done } from "../../domain/SideEffect.js";
import { Discord } from "../../layers/Discord.js";
import type { DiscordError } from "../../layers/discord/Errors.js";
import { Applications } from "../../services/Applications.js";
import { Raid } from "../../services/Raid.js";
import { CardHold } from "../kit/CardHold.js";
import { sendOnce, type SideEffectHandler } from "../kit/SideEffectHandler.js";
import { cardMarker, reviewCard } from "../views/ReviewCard.js";
import { gone, whileAvailable } from "./subject.js";

const isGone = (error: DiscordError) =>
  error._tag === "UnknownTarget" && (error.target === "message" || error.target === "channel");

/**
 * Draws from the newest state, whatever state asked for it. A card that was deleted is posted again. A post that may
 * have happened before is answered by Discord with the first message, which then may show an older state: it is edited.
 * While panic mode is on no new card is posted: the digest stands for it, and its end plans the card again.
 */
export const drawCard: SideEffectHandler<"DrawCard", Discord | Applications | CardHold | Raid> = ({
  payload,
  effect,
  repeated,
}) =>
  Effect.gen(function* () {
    const id = effect.applicationId;
    if (id === null) return yield* gone;
    yield* whileAvailable(effect.guildId);
    const discord = yield* Discord;
    const applications = yield* Applications;
    yield* Effect.flatMap(CardHold, (holds) => holds.released(id));
    const found = yield* Effect.option(applications.card(effect.guildId, id));
    if (Option.isNone(found)) return yield* gone;
    const { application } = found.value;
    const { cardChannelId, cardMessageId } = application;
    const picture = reviewCard(found.value);

    if (cardChannelId !== null && cardMessageId !== null) {
      const edited = yield* discord.editMessage(cardChannelId, cardMessageId, picture).pipe(
        Effect.as(true),
        Effect.catchIf(isGone, () => Effect.succeed(false)),
      );
      if (edited) return Done();
    }
    const raid = yield* Raid;
    if (cardMessageId === null && (yield* raid.isPanicking(effect.guildId))) {
      yield* raid.redrawDigest(effect.guildId);
      return Done("held");
    }
    const { channelId } = payload;
    const messageId = yield* sendOnce(channelId, picture, { effect, repeated }, cardMarker(application));
    return Done(null, { channelId, messageId, mayBeOld: repeated });
  });
