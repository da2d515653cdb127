import { type APIEmbed, channelMention } from "discord.js";
import type { Application } from "../../domain/Application.js";
import type { ShortCode } from "../../domain/Ids.js";
import type { GuildSettings } from "../../domain/Settings.js";
import type { DecisionTopic } from "../../domain/SideEffect.js";
import { render, type TokenValues } from "../../domain/Template.js";
import { cut, plain } from "../../domain/Text.js";
import type { GuildFacts } from "../../layers/discord/Guild.js";
import type { MessagePayload } from "../../layers/discord/Interaction.js";
import { COLORS } from "./Colors.js";
import { ago } from "./Words.js";

const footer = (
  guild: GuildFacts,
  application: Pick<Application, "code">,
  about: string,
): NonNullable<APIEmbed["footer"]> => ({
  text: `${cut(guild.name, 100)} · ${dmMarker(application, about)}`,
});

/** The text by which a direct message is known among the bot's messages. */
export const dmMarker = (application: Pick<Application, "code">, about: string): string =>
  `#${application.code} · ${about}`;

export const received = (guild: GuildFacts, application: Application): MessagePayload => ({
  embeds: [
    {
      title: "Your application is in",
      description: `Thank you for applying to **${plain(cut(guild.name, 100))}**. A moderator will read it, and the answer comes here.`,
      color: COLORS.blue,
      footer: footer(guild, application, "received"),
    },
  ],
});

export const releasedMarker = (codes: ReadonlyArray<ShortCode>): string =>
  `${codes.map((code) => `#${code}`).join(" ")} · released`;

/** Kind words for a moderator whose claims went back to the queue: at most a hundred at once. */
export const released = (
  guild: GuildFacts,
  settings: GuildSettings,
  codes: ReadonlyArray<ShortCode>,
): MessagePayload => ({
  embeds: [
    {
      title: codes.length === 1 ? "A claim went back to the queue" : "Some claims went back to the queue",
      description: `You had claimed something in **${plain(cut(guild.name, 100))}** and not decided within ${settings.staleClaimMinutes} minutes, so others can look at it again. No harm done: you can claim it once more in ${channelMention(settings.reviewChannelId)}.`,
      color: COLORS.grey,
      footer: { text: releasedMarker(codes) },
    },
  ],
});

export const reset = (guild: GuildFacts, application: Application): MessagePayload => ({
  embeds: [
    {
      title: "Please apply again",
      description: `**${plain(cut(guild.name, 100))}** has made its applications anew, and yours had not been decided yet. Nothing is held against you: you can apply again with **Verify**.`,
      color: COLORS.blue,
      footer: footer(guild, application, "reset"),
    },
  ],
});

const TOPICS = {
  approved: { title: "Welcome!", template: "approvalTemplate", color: COLORS.green },
  rejected: { title: "About your application", template: "rejectionTemplate", color: COLORS.yellow },
  perm_rejected: { title: "About your application", template: "rejectionTemplate", color: COLORS.red },
  kicked: { title: "About your application", template: "kickTemplate", color: COLORS.red },
} as const satisfies Record<DecisionTopic, { title: string; template: keyof GuildSettings; color: number }>;

/** The outcome, with the reason and what the person can do now. */
export const decision = (
  guild: GuildFacts,
  settings: GuildSettings,
  application: Pick<Application, "code">,
  topic: DecisionTopic,
  reason: string | null,
  reapplyAt: number | null,
  values: TokenValues,
): MessagePayload => {
  const { title, template, color } = TOPICS[topic];
  const after =
    topic === "rejected" && reapplyAt !== null
      ? [`You can apply again ${ago(reapplyAt)}.`]
      : topic === "perm_rejected"
        ? ["This decision is final: you cannot apply here again."]
        : [];
  return {
    embeds: [
      {
        title,
        description: cut(render(settings[template], values), 3_000),
        color,
        fields: [
          ...(reason === null ? [] : [{ name: "Reason", value: cut(plain(reason), 1_000) }]),
          ...after.map((value) => ({ name: "What now", value })),
        ],
        footer: footer(guild, application, topic),
      },
    ],
  };
};
