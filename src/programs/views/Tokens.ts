import { TimestampStyles, time, userMention } from "discord.js";
import type { UserId } from "../../domain/Ids.js";
import type { TokenValues } from "../../domain/Template.js";
import { plain } from "../../domain/Text.js";
import type { GuildFacts } from "../../layers/discord/Guild.js";

interface Named {
  readonly id: UserId;
  readonly username: string;
  readonly displayName: string;
}

/** What the tokens of a template stand for. Names are shown as typed: they format nothing and mention nobody. */
export const tokenValues = (guild: GuildFacts, applicant: Named | null, now: number): TokenValues => ({
  "applicant.mention": applicant === null ? "the applicant" : userMention(applicant.id),
  "applicant.username": applicant === null ? "the applicant" : plain(applicant.username),
  "applicant.tag": applicant === null ? "the applicant" : `@${plain(applicant.username)}`,
  "applicant.display": applicant === null ? "the applicant" : plain(applicant.displayName),
  "guild.name": plain(guild.name),
  "guild.memberCount": `${guild.memberCount}`,
  timestamp: time(Math.floor(now / 1000), TimestampStyles.LongDateShortTime),
  info: "the info channel",
  rules: "the rules",
});
