/** The sandbox as a process of its own: `node sandbox/start.mjs --port 4000 --checks`. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { parseArgs } from "node:util";
import { startSandbox } from "./index.js";
import { Seed } from "./contract/world.js";

// What logs and channels keep grows old before it is dropped, the worst case of a generational collector: left alone it lets
// the heap grow to four times of what is used, with this to one and a half times, for some 5 % of the requests a second.
setFlagsFromString("--heap-growing-percent=50");

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "0" },
    checks: { type: "boolean", default: false },
    "rate-limits": { type: "string", default: "off" },
    latency: { type: "string", default: "0" },
    /** A JSON file with a whole world; see sandbox/seeds. */
    seed: { type: "string" },
    /** A file to go on from, and to save the world in at the end. */
    world: { type: "string" },
    /** Says in words what to do next. */
    explain: { type: "boolean", default: false },
  },
});
const rateLimits = values["rate-limits"];
if (rateLimits !== "off" && rateLimits !== "discord") throw new Error("--rate-limits is 'off' or 'discord'");

const kept = values.world !== undefined && existsSync(values.world) ? readFileSync(values.world) : undefined;
const sandbox = await startSandbox({
  port: Number(values.port),
  checks: values.checks,
  rateLimits,
  latencyMs: Number(values.latency),
  ...(kept !== undefined && { world: kept }),
  ...(values.seed !== undefined &&
    kept === undefined && { seed: Seed.parse(JSON.parse(readFileSync(values.seed, "utf8"))) }),
});
const { close, save, ...addresses } = sandbox;
console.log(values.explain ? explanation() : JSON.stringify({ event: "listening", ...addresses }));

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.once(signal, () => {
    if (values.world !== undefined) writeFileSync(values.world, save());
    void close().then(() => process.exit(0));
  });
}

function explanation(): string {
  return `A local Discord is running. Nothing here reaches the internet.

  Point your bot at it:
    new Client({ intents, rest: { api: "${addresses.apiBase}", cdn: "${addresses.cdnBase}" } })
    token           ${addresses.token}
    application id  ${addresses.applicationId}

  Who is there, as JSON:
    curl -X POST ${addresses.controlUrl}/people

  What happens, as it happens:
    curl -N ${addresses.controlUrl}/stream

  Somebody writes to the bot:
    curl -X POST ${addresses.controlUrl}/say -d '{"userId":"…","content":"hello"}'

  Google Vision's calls go to ${addresses.visionBase}. More is in sandbox/README.md. Ctrl+C ends it.`;
}
