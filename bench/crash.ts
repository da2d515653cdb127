import { crashRun } from "./lib/crashRun.js";
import type { Bench, Figure } from "./lib/Figure.js";

/** SIGKILL at random moments across submit, claim, accept, reject and kick, and a start after each. */
export const run: Bench = async ({ profile, quick }) => {
  const name = "default";
  if (profile !== undefined && profile !== name) return [];
  const seed = Number(process.env["CRASH_SEED"] ?? Date.now() % 1_000_000);
  const { problems, ...report } = await crashRun({
    kills: quick ? 5 : 30,
    seed,
    built: true,
    say: (line) => {
      console.error(line);
    },
  });
  console.error(`CRASH_SEED=${seed}`);
  for (const problem of problems) console.error(problem);
  const figure = (metric: string, value: number): Figure => ({
    bench: "crash",
    profile: name,
    metric,
    value,
    unit: "count",
  });
  return [
    figure("kills", report.kills),
    figure("lost_submissions", report.lostSubmissions),
    figure("missing_effects", report.missingEffects),
    figure("doubled_effects", report.doubledEffects),
  ];
};
