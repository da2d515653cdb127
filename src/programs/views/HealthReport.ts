import type { MessagePayload } from "../../layers/discord/Interaction.js";
import type { HealthReport } from "../../services/Health.js";
import { COLORS } from "./Colors.js";
import { ago, size } from "./Words.js";

const duration = (seconds: number): string => {
  const days = Math.floor(seconds / 86_400);
  const hours = Math.floor((seconds % 86_400) / 3_600);
  const minutes = Math.floor((seconds % 3_600) / 60);
  return days > 0
    ? `${days} d ${hours} h`
    : hours > 0
      ? `${hours} h ${minutes} min`
      : `${minutes} min ${seconds % 60} s`;
};

/** Discord's answer to the first heartbeat is some forty seconds away. */
const connection = ({ connected, pingMillis }: HealthReport["gateway"]): string =>
  connected ? `connected${pingMillis === null ? "" : `, ${pingMillis} ms`}` : "not connected";

export const healthReport = (report: HealthReport, version: string): MessagePayload => {
  const { database, gateway, effects } = report;
  const since = effects.oldestAt === null ? "" : `, the oldest ${ago(effects.oldestAt)}`;
  return {
    embeds: [
      {
        title: report.ok ? "All is well" : "Something is wrong",
        color: report.ok ? COLORS.green : COLORS.red,
        fields: [
          {
            name: "Gateway",
            value: connection(gateway),
            inline: true,
          },
          {
            name: "Database",
            value: database.answers
              ? `answers in ${database.millis} ms, ${size(database.bytes)}`
              : "does not answer",
            inline: true,
          },
          { name: "Up for", value: duration(report.uptimeSeconds), inline: true },
          {
            name: "Side effects",
            value: `${effects.waiting} waiting${since} · ${effects.failed} failed`,
            inline: true,
          },
          {
            name: "Last event",
            value:
              gateway.lastEvent === null
                ? "none yet"
                : `${gateway.lastEvent.name.toLowerCase().replaceAll("_", " ")} ${ago(gateway.lastEvent.at)}`,
            inline: true,
          },
          { name: "Version", value: `${version} on Node ${process.versions.node}`, inline: true },
        ],
      },
    ],
  };
};
