/** What the documents tell people to type or open is there. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { assert, describe, it } from "@effect/vitest";
import { variables } from "../../src/layers/Config.js";

const root = fileURLToPath(new URL("../../", import.meta.url));
const documents = [
  "README.md",
  "CONTRIBUTING.md",
  ...readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".md"))
    .map((file) => `docs/${file}`),
];
const read = (file: string): string => readFileSync(join(root, file), "utf8");
const scripts = new Set(Object.keys((JSON.parse(read("package.json")) as { scripts: object }).scripts));
const named = new Set(variables.map(({ name }) => name));

const all = (text: string, shape: RegExp): ReadonlyArray<string> =>
  [...text.matchAll(shape)].map(([, first = ""]) => first);

const environmentIn = (text: string) =>
  all(text, /`([A-Z][A-Z0-9]*_[A-Z0-9_]+)`/g).filter((name) => !name.startsWith("ERR_"));
/** What documents name beside the bot's own variables. */
const OTHERS = new Set(["DEPLOY_HOST", "DEPLOY_PATH", "DEPLOY_NAME", "NODE_MODULE_VERSION"]);

describe("documents", () => {
  it.each(documents)("%s links to files that are there", (file) => {
    const links = all(read(file), /\]\((?!https?:|#|mailto:)([^)#\s]+)/g);
    const broken = links.filter((link) => !existsSync(join(root, dirname(file), link)));
    assert.deepStrictEqual(broken, []);
  });

  // Decisions are dated: they may speak of what was there, or was to come.
  it.each(documents.filter((file) => !file.startsWith("docs/decisions/")))(
    "%s names npm scripts and environment variables that are there",
    (file) => {
      const text = read(file);
      const asked = all(text, /\bnpm run (?:--?[\w-]+ )*([a-z][\w:-]*)/g);
      assert.deepStrictEqual(
        asked.filter((script) => !scripts.has(script)),
        [],
      );
      if (!file.startsWith("docs/operations/")) return;
      assert.deepStrictEqual(
        environmentIn(text).filter((name) => !named.has(name) && !OTHERS.has(name)),
        [],
      );
    },
  );
});
