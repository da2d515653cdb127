import { channelMention, TimestampStyles, time, userMention } from "discord.js";
import type { UserId } from "../../domain/Ids.js";
import type { GuildSettings } from "../../domain/Settings.js";
import type { TokenValues } from "../../domain/Template.js";
import { clean, plain } from "../../domain/Text.js";
import type { GuildFacts } from "../../layers/discord/Guild.js";

interface Named {
  readonly id: UserId;
  readonly username: string;
  readonly displayName: string;
}

/** A name as it was chosen, on one line: it formats nothing, mentions nobody and links nowhere. */
const name = (chosen: string): string => plain(clean(chosen).replace(/\s+/g, " ")).replaceAll("/", "\\/");

/** What the tokens of a template stand for. Without an applicant they speak of one. */
export const tokenValues = (
  guild: GuildFacts,
  { infoChannelId, rulesChannelId }: Pick<GuildSettings, "infoChannelId" | "rulesChannelId">,
  applicant: Named | null,
  now: number,
): TokenValues => ({
  "applicant.mention": applicant === null ? "the applicant" : userMention(applicant.id),
  "applicant.username": applicant === null ? "the applicant" : name(applicant.username),
  "applicant.tag": applicant === null ? "the applicant" : `@${name(applicant.username)}`,
  "applicant.display": applicant === null ? "the applicant" : name(applicant.displayName),
  "guild.name": name(guild.name),
  "guild.memberCount": `${guild.memberCount}`,
  timestamp: time(Math.floor(now / 1000), TimestampStyles.LongDateShortTime),
  info: infoChannelId === null ? "the info channel" : channelMention(infoChannelId),
  rules: rulesChannelId === null ? "the rules" : channelMention(rulesChannelId),
});
