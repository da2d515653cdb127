import type { APIEmbed } from "discord.js";
import type { Application } from "../../domain/Application.js";
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
