import { userMention } from "discord.js";
import { cut } from "../../domain/Text.js";
import type { MessagePayload } from "../../layers/discord/Interaction.js";
import type { RaidFacts } from "../../services/Raid.js";
import { COLORS } from "./Colors.js";
import { ago, STATUS_WORDS, who } from "./Words.js";

/** The text by which a digest is known among the bot's messages; each panic has one of its own. */
export const digestMarker = ({ panic }: RaidFacts): string => `Panic digest ${panic?.since ?? 0}`;

const waitingLine = ({ waiting }: RaidFacts): string =>
  waiting === 0
    ? "No application is waiting."
    : waiting === 1
      ? "One application is waiting."
      : `**${waiting}** applications are waiting.`;

/** One message in place of many cards: what waits while the gate is closed. */
export const digest = (facts: RaidFacts, marker: string): MessagePayload => {
  const on = facts.panic?.isOn === true;
  return {
    embeds: [
      {
        title: on ? "Panic mode is on: the gate is closed" : "Panic mode is over: the gate is open",
        color: on ? COLORS.red : COLORS.green,
        description: cut(
          [
            facts.panic === null ? "" : `By ${who(facts.panic.actor)} ${ago(facts.panic.since)}`,
            waitingLine(facts),
            ...(on
              ? facts.oldest.map(
                  ({ code, userId, status, submittedAt }) =>
                    `\`#${code}\` ${userMention(userId)} ${STATUS_WORDS[status]}${submittedAt === null ? "" : ` ${ago(submittedAt)}`}`,
                )
              : []),
            on
              ? "No new cards are posted. `/panic off` opens the gate and posts the cards of those who wait."
              : "Their cards follow one after the other.",
          ]
            .filter((line) => line !== "")
            .join("\n"),
          4_000,
        ),
        footer: { text: marker },
      },
    ],
  };
};

export const joinWave = (joins: number, at: number, panicked: boolean): MessagePayload => ({
  embeds: [
    {
      title: "Many people are joining",
      color: COLORS.red,
      description: [
        `**${joins}** joined within a minute, ${ago(at)}.`,
        panicked
          ? "Panic mode is on: the gate is closed until an admin opens it with `/panic off`."
          : "An admin can close the gate with `/panic on`.",
      ].join("\n"),
      footer: { text: joinWaveMarker(at) },
    },
  ],
});
export const joinWaveMarker = (at: number): string => `Join wave ${at}`;

export const panicAnswer = (wanted: "on" | "off", changed: boolean, facts: RaidFacts): MessagePayload => {
  const words =
    wanted === "on"
      ? changed
        ? "**Panic mode is on.** The gate is closed, and one digest in the review channel stands for new cards."
        : `**Panic mode is on already**${facts.panic === null ? "" : `, since ${ago(facts.panic.since)}`}. Nothing was changed.`
      : changed
        ? "**Panic mode is off.** The gate is open, and the cards of those who wait are posted one after the other."
        : "**Panic mode is off already.** Nothing was changed.";
  return { content: `${words}\n${waitingLine(facts)}` };
};

/** `removals` is how the newest removal of people fares. */
export const panicStatus = (facts: RaidFacts, removals: ReadonlyArray<string>): MessagePayload => ({
  content: [
    facts.panic?.isOn === true
      ? `**Panic mode is on** since ${ago(facts.panic.since)}, by ${who(facts.panic.actor)}. The gate is closed.`
      : "**Panic mode is off.** The gate is open.",
    waitingLine(facts),
    `Joined within the last minute: ${facts.joinsLastMinute}`,
    ...removals,
  ].join("\n"),
});
