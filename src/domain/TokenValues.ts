import type { UserId } from "./Ids.js";
import type { GuildSettings } from "./Settings.js";
import type { TokenValues } from "./Template.js";
import { clean, plain } from "./Text.js";

interface Named {
  readonly id: UserId;
  readonly username: string;
  readonly displayName: string;
}

/** A name as it was chosen, on one line: it formats nothing, mentions nobody and links nowhere. */
const name = (chosen: string): string => plain(clean(chosen).replace(/\s+/g, " ")).replaceAll("/", "\\/");

/** What the tokens of a template stand for, as Discord shows it. Without an applicant they speak of one. */
export const tokenValues = (
  guild: { readonly name: string; readonly memberCount: number },
  { infoChannelId, rulesChannelId }: Pick<GuildSettings, "infoChannelId" | "rulesChannelId">,
  applicant: Named | null,
  now: number,
): TokenValues => ({
  "applicant.mention": applicant === null ? "the applicant" : `<@${applicant.id}>`,
  "applicant.username": applicant === null ? "the applicant" : name(applicant.username),
  "applicant.tag": applicant === null ? "the applicant" : `@${name(applicant.username)}`,
  "applicant.display": applicant === null ? "the applicant" : name(applicant.displayName),
  "guild.name": name(guild.name),
  "guild.memberCount": `${guild.memberCount}`,
  timestamp: `<t:${Math.floor(now / 1000)}:f>`,
  info: infoChannelId === null ? "the info channel" : `<#${infoChannelId}>`,
  rules: rulesChannelId === null ? "the rules" : `<#${rulesChannelId}>`,
});
