import type { MessagePayload } from "../../layers/discord/Interaction.js";
import type { Finding } from "../../services/Preflight.js";
import type { SideEffect } from "../../domain/SideEffect.js";

const lines = (findings: ReadonlyArray<Finding>) =>
  findings.map(({ subject, problem }) => (problem === null ? `✅ ${subject}` : `❌ ${subject}: ${problem}`));

/** Nothing was stored: what has to be mended first. */
export const setupRefused = (findings: ReadonlyArray<Finding>): MessagePayload => ({
  content: [
    "**Not set up yet.** Mend what is marked, then run `/gate setup` again:",
    ...lines(findings),
  ].join("\n"),
});

/** Stored; `gate` is how the gate message fared, none while it is still under way. */
export const setupDone = (findings: ReadonlyArray<Finding>, gate: SideEffect | null): MessagePayload => ({
  content: [
    "**Set up.**",
    ...lines(findings),
    gate === null
      ? "⏳ The gate message is on its way."
      : gate.state === "done"
        ? "✅ The gate message is posted and pinned."
        : `❌ The gate message could not be posted. ${gate.lastError ?? ""}`,
  ].join("\n"),
});
