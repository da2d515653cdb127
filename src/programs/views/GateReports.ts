import { channelMention, roleMention } from "discord.js";
import type { GuildSettings } from "../../domain/Settings.js";
import type { MessagePayload } from "../../layers/discord/Interaction.js";

export const welcomeChannels = ({ infoChannelId, rulesChannelId }: GuildSettings): MessagePayload => ({
  content: [
    `\`{info}\`: ${infoChannelId === null ? 'not set; it says "the info channel"' : channelMention(infoChannelId)}`,
    `\`{rules}\`: ${rulesChannelId === null ? 'not set; it says "the rules"' : channelMention(rulesChannelId)}`,
    "Choose them with the options of this command; `/config clear` takes one away.",
  ].join("\n"),
});

export const welcomeRole = ({ pingRoleId }: GuildSettings): MessagePayload => ({
  content:
    pingRoleId === null
      ? "Nobody is pinged but the person who is welcomed. Choose a role with the option of this command."
      : [
          `${roleMention(pingRoleId)} is pinged at the end of each welcome.`,
          `Write \`${roleMention(pingRoleId)}\` into the welcome post to have it elsewhere; \`/config clear\` takes it away.`,
        ].join("\n"),
});
