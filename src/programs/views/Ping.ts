import { channelMention, userMention } from "discord.js";
import type { ShortCode, UserId } from "../../domain/Ids.js";
import { PING_LIFETIME_MILLIS, type SideEffect } from "../../domain/SideEffect.js";
import type { MessagePayload } from "../../layers/discord/Interaction.js";
import type { Pinged } from "../../services/Pings.js";

const MINUTES = PING_LIFETIME_MILLIS / 60_000;

/** What stands in the unverified channel for a while. */
export const pingPost = (userId: UserId, code: ShortCode): MessagePayload & { readonly content: string } => ({
  content: `${userMention(userId)}, a moderator is looking at your application **#${code}** and would like a word with you here.`,
  pings: [userId],
});

/** What the moderator is told; `effect` is how it went, `null` while it is under way. */
export const pingOutcome = ({ userId, channelId }: Pinged, effect: SideEffect | null): string => {
  const where = `${userMention(userId)} in ${channelMention(channelId)}`;
  if (effect === null || effect.state === "waiting") return `The ping of ${where} is on its way.`;
  if (effect.state === "failed") return `${where} could not be pinged. ${effect.lastError ?? ""}`.trim();
  return effect.outcome === null
    ? `Pinged ${where}. The message goes away after ${MINUTES} minutes.`
    : `${where} was not pinged: the application is not open any more.`;
};
