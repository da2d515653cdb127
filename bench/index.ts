/** `npm run bench -- NAME [--json] [--quick] [--profile NAME]`: measures, and prints what it measured. */
import { run as crash } from "./crash.js";
import { run as flow } from "./flow.js";
import { run as lifecycle } from "./lifecycle.js";
import { run as growth } from "./growth.js";
import { run as http } from "./http.js";
import type { Bench } from "./lib/Figure.js";
import { run as sandbox } from "./sandbox.js";

/** One line a benchmark. */
const benches: Readonly<Record<string, Bench>> = { crash, flow, growth, http, lifecycle, sandbox };

const [name = "", ...flags] = process.argv.slice(2);
const bench = benches[name];
if (bench === undefined) {
  console.error(`Which one? ${Object.keys(benches).join(", ")}`);
  process.exit(1);
}
const profileAt = flags.indexOf("--profile");
const profile = profileAt < 0 ? undefined : flags[profileAt + 1];
const figures = await bench({
  quick: flags.includes("--quick"),
  ...(profile === undefined ? {} : { profile }),
});
for (const figure of figures) {
  console.log(
    flags.includes("--json")
      ? JSON.stringify(figure)
      : `${figure.profile.padEnd(10)}${figure.metric.padEnd(20)}${figure.value.toFixed(2).padStart(12)} ${figure.unit}`,
  );
}
