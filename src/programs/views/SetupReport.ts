import { type Finding, subjectOf } from "../../domain/Finding.js";
import { cut } from "../../domain/Text.js";
import type { MessagePayload } from "../../layers/discord/Interaction.js";
import type { SideEffect } from "../../domain/SideEffect.js";

const LINE_MAX = 200;

/** A line for each thing that was looked at. */
export const findingLines = (findings: ReadonlyArray<Finding>): ReadonlyArray<string> =>
  findings.map((finding) =>
    finding.problem === null
      ? `✅ ${subjectOf(finding)}`
      : cut(`❌ ${subjectOf(finding)}: ${finding.problem}`, LINE_MAX),
  );

const report = (all: ReadonlyArray<string>) => cut(all.join("\n"), 2_000);

/** Nothing was stored: what has to be mended first. */
export const setupRefused = (findings: ReadonlyArray<Finding>): MessagePayload => ({
  content: report([
    "**Not set up yet.** Mend what is marked, then run `/gate setup` again:",
    ...findingLines(findings),
  ]),
});

/** How the gate message fared; `null` while it is still under way. */
export const gateLine = (gate: SideEffect | null): string =>
  gate === null
    ? "⏳ The gate message is on its way."
    : gate.state === "done"
      ? "✅ The gate message is posted and pinned."
      : `❌ The gate message could not be posted. ${gate.lastError ?? ""}`;

/** Stored; `gate` is how the gate message fared, none while it is still under way. */
export const setupDone = (findings: ReadonlyArray<Finding>, gate: SideEffect | null): MessagePayload => ({
  content: report(["**Set up.**", ...findingLines(findings), gateLine(gate)]),
});
