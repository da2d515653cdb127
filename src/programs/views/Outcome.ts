import { userMention } from "discord.js";
import type { Application } from "../../domain/Application.js";
import type { SideEffect } from "../../domain/SideEffect.js";
import type { MessagePayload } from "../../layers/discord/Interaction.js";
import { effectLines } from "./Effects.js";
import { STATUS_WORDS } from "./Words.js";

/** What a moderator is told after a slash command: the state, and how its consequences fare. */
export const outcome = (application: Application, effects: ReadonlyArray<SideEffect>): MessagePayload => ({
  content: [
    `**#${application.code}** of ${userMention(application.userId)} is ${STATUS_WORDS[application.status]}.`,
    ...effectLines(effects),
  ].join("\n"),
});
