import type { MessagePayload } from "../../layers/discord/Interaction.js";
import type { HealthReport } from "../../services/Health.js";
import { COLORS } from "./Colors.js";

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

export const healthReport = (report: HealthReport, version: string): MessagePayload => ({
  embeds: [
    {
      title: report.ok ? "All is well" : "Something is wrong",
      color: report.ok ? COLORS.green : COLORS.red,
      fields: [
        {
          name: "Gateway",
          value: report.gateway ? `connected, ${report.pingMillis ?? "?"} ms` : "not connected",
          inline: true,
        },
        { name: "Database", value: report.database ? "answers" : "does not answer", inline: true },
        { name: "Up for", value: duration(report.uptimeSeconds), inline: true },
        {
          name: "Side effects",
          value: `${report.effects.waiting} waiting · ${report.effects.failed} failed`,
          inline: true,
        },
        { name: "Version", value: `${version} on Node ${process.versions.node}`, inline: true },
      ],
    },
  ],
});
