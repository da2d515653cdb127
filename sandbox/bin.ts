/** The sandbox as a process of its own: `node --import tsx sandbox/bin.ts --port 4000 --checks`. */
import { parseArgs } from "node:util";
import { startSandbox } from "./index.js";

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "0" },
    checks: { type: "boolean", default: false },
    "rate-limits": { type: "string", default: "off" },
    latency: { type: "string", default: "0" },
  },
});
const rateLimits = values["rate-limits"];
if (rateLimits !== "off" && rateLimits !== "discord") throw new Error("--rate-limits is 'off' or 'discord'");

const sandbox = await startSandbox({
  port: Number(values.port),
  checks: values.checks,
  rateLimits,
  latencyMs: Number(values.latency),
});
const { close, ...addresses } = sandbox;
console.log(JSON.stringify({ event: "listening", ...addresses }));

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.once(signal, () => void close().then(() => process.exit(0)));
}
