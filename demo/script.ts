/**
 * `npm run demo:script`: the local Discord and the real bot, each a process of its own, live through a day at the front
 * door. Prints what the sandbox saw and checks it; ends with `demo: ok`, or with what is missing and exit code 1.
 */
import { Cleanup, setStage } from "./lib/Stage.js";
import { scenes } from "./scenes/index.js";

/** Long enough for a slow machine; then it is stuck. */
const LIMIT_MS = 240_000;

const cleanup = new Cleanup();
const leave = (code: number, why?: string): void => {
  if (why !== undefined) process.stdout.write(`\n${why}\ndemo: failed\n`);
  void cleanup.run().finally(() => process.exit(code));
};
process.once("SIGINT", () => {
  leave(130, "Stopped.");
});
process.once("SIGTERM", () => {
  leave(143, "Stopped.");
});
setTimeout(() => {
  leave(1, `It took longer than ${LIMIT_MS / 1000} s.`);
}, LIMIT_MS).unref();

const play = async (): Promise<number> => {
  const began = performance.now();
  process.stdout.write("Starting a local Discord and the bot. No network and no account is needed.\n");
  const stage = await setStage(cleanup, { guild: "Otter Cove", applicants: 72, flags: ["--checks"] });
  const { client, report } = stage;
  report.say(`The bot was ready after ${Math.round(stage.bot().readyMs)} ms.`);
  for (const scene of scenes) {
    try {
      await scene(stage);
    } catch (error) {
      report.check("the scene was played to its end", false, "its end", String(error));
    }
  }

  report.scene("Afterwards");
  const health = await fetch(`http://127.0.0.1:${stage.bot().httpPort}/health`);
  report.show("GET /health", await health.text());
  report.equal("the bot is well", health.status, 200);
  const violations = await client.violations();
  report.equal("the bot asked Discord for nothing that Discord does not know", violations, []);
  report.equal("the bot ends when told to", await stage.bot().stop(), 0);
  report.say(`Played in ${((performance.now() - began) / 1_000).toFixed(1)} s.`);
  return report.end();
};

play().then(leave, (error: unknown) => {
  leave(1, error instanceof Error ? (error.stack ?? error.message) : String(error));
});
