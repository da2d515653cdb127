import type { APIEmbed } from "discord.js";
import type { OpsAlert } from "../../domain/OpsAlert.js";
import type { MessagePayload } from "../../layers/discord/Interaction.js";
import { COLORS } from "./Colors.js";
import { ago, size } from "./Words.js";

interface Words {
  readonly title: string;
  readonly state: string;
  readonly remedy: string;
}

const things = (count: number, one: string, many: string): string =>
  count === 1 ? `**1** ${one}` : `**${count}** ${many}`;

const millis = (value: number): string => `${Math.round(value)} ms`;

const wordsOf = ({ kind, value, limit }: OpsAlert): Words => {
  switch (kind) {
    case "backlog":
      return {
        title: "Many side effects wait",
        state: `${things(value, "side effect waits", "side effects wait")} (limit ${limit}). Decisions are kept; roles, messages and cards come late.`,
        remedy: "Look for errors of Discord in the log, and at `/health`.",
      };
    case "slow_answers":
      return {
        title: "Answers are slow",
        state: `19 of 20 answers come within **${millis(value)}** (limit ${millis(limit)}).`,
        remedy: "Look at the load of the machine, its disk, and Discord's status page.",
      };
    case "slow_gateway":
      return {
        title: "The connection to Discord is slow",
        state: `The gateway's heartbeat takes **${millis(value)}** (limit ${millis(limit)}).`,
        remedy: "Look at the network and the load of the machine, and at Discord's status page.",
      };
    case "fallback_file":
      return {
        title: "The log cannot be posted",
        state: `The fallback file holds **${size(value)}** (limit ${size(limit)}). Nothing is lost; its entries go out when their channel works.`,
        remedy: "See which channel it is in the log, and mend it or set another one.",
      };
    case "failed_effects":
      return {
        title: "Side effects have failed",
        state: `${things(value, "side effect has", "side effects have")} failed for good.`,
        remedy: "See which in `/gate status` of each server: it says what to do about each kind.",
      };
    case "disk":
      return {
        title: "The disk is nearly full",
        state: `**${size(value)}** are free; ${size(limit)} are needed. On a full disk nothing can be saved.`,
        remedy: "Delete what is not needed, old logs and backups first, or enlarge the disk.",
      };
  }
};

const LOOK = {
  begins: { mark: "", color: COLORS.red },
  "goes on": { mark: "Still: ", color: COLORS.yellow },
  "is over": { mark: "Over: ", color: COLORS.green },
} as const;

/** What is measured now that it is over. */
const wellAgain = ({ kind, value }: OpsAlert): string => {
  switch (kind) {
    case "backlog":
      return value === 0
        ? "No side effect waits."
        : `${things(value, "side effect waits", "side effects wait")} now.`;
    case "slow_answers":
      return `19 of 20 answers come within ${millis(value)} now.`;
    case "slow_gateway":
      return `The gateway's heartbeat takes ${millis(value)} now.`;
    case "fallback_file":
      return `The fallback file holds ${size(value)} now.`;
    case "failed_effects":
      return "No side effect is failed any more.";
    case "disk":
      return `${size(value)} are free now.`;
  }
};

const embed = (alert: OpsAlert): APIEmbed => {
  const { title, state, remedy } = wordsOf(alert);
  const { mark, color } = LOOK[alert.phase];
  const began = `It began ${ago(alert.since)}.`;
  return {
    title: `${mark}${title}`,
    color,
    description:
      alert.phase === "is over"
        ? `${wellAgain(alert)} ${began}`
        : [state, alert.phase === "begins" ? `Since ${ago(alert.since)}.` : began, `**Do:** ${remedy}`].join(
            "\n",
          ),
    footer: { text: "Pawtropolis · docs/operations/monitoring.md, Alerts" },
  };
};

/** One message for everything that operators are told at a check. */
export const opsAlerts = (alerts: ReadonlyArray<OpsAlert>): MessagePayload => ({ embeds: alerts.map(embed) });
