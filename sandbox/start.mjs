/**
 * The sandbox as a process of its own: `node sandbox/start.mjs --port 4000`. It is bundled when it is first started and when one
 * of its files has changed, because one file of JavaScript starts in a fraction of the time of a hundred of TypeScript.
 */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const packages = join(here, "../node_modules");
const cache = join(packages, ".cache/sandbox");
const DAY_MS = 86_400_000;

/** Names this state of the code and of the packages. */
const state = createHash("sha256");
const files = readdirSync(here, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
for (const file of [
  fileURLToPath(import.meta.url),
  join(packages, "zod/package.json"),
  ...files.map((one) => join(here, one)),
]) {
  const { mtimeMs, size } = statSync(file);
  state.update(`${file} ${mtimeMs} ${size}\n`);
}
const bundled = join(cache, state.digest("hex").slice(0, 16));

if (!existsSync(bundled)) await bundle();
await import(pathToFileURL(join(bundled, "bin.mjs")).href);

async function bundle() {
  const { build } = await import("esbuild");
  const unfinished = `${bundled}.${process.pid}`;
  await build({
    entryPoints: [join(here, "bin.ts")],
    outdir: unfinished,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20",
    external: ["ws", "esbuild"],
    logLevel: "error",
    plugins: [{ name: "where-files-are", setup: whereFilesAre }],
  });
  try {
    renameSync(unfinished, bundled);
  } catch (error) {
    // Somebody else started at the same time and was faster.
    rmSync(unfinished, { recursive: true });
    if (!existsSync(bundled)) throw error;
  }
  for (const old of readdirSync(cache).map((name) => join(cache, name)))
    if (statSync(old).mtimeMs < Date.now() - DAY_MS) rmSync(old, { recursive: true });
}

/** A file that looks for others beside it finds them where its source is. */
function whereFilesAre({ onLoad }) {
  onLoad({ filter: /sandbox[/\\].*\.ts$/ }, ({ path }) => ({
    contents: readFileSync(path, "utf8").replaceAll(
      "import.meta.url",
      JSON.stringify(pathToFileURL(path).href),
    ),
    loader: "ts",
  }));
}
