import { execFile } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest";
import { Schema } from "effect";

const root = fileURLToPath(new URL("../../", import.meta.url));
const cruiser = join(root, "node_modules/dependency-cruiser/bin/dependency-cruise.mjs");
const places = ["src", "migrations", "scripts", "sandbox", "test", "bench"];

const Result = Schema.parseJson(
  Schema.Struct({
    summary: Schema.Struct({
      totalCruised: Schema.Number,
      violations: Schema.Array(
        Schema.Struct({
          from: Schema.String,
          to: Schema.String,
          rule: Schema.Struct({ name: Schema.String }),
        }),
      ),
    }),
  }),
);

/** Reads every import below a directory and holds it against .dependency-cruiser.cjs. */
const cruise = (cwd: string): Promise<(typeof Result.Type)["summary"]> =>
  new Promise((resolve, reject) => {
    const existing = places.filter((place) => existsSync(join(cwd, place)));
    execFile(
      process.execPath,
      [
        cruiser,
        "--config",
        ".dependency-cruiser.cjs",
        "--output-type",
        "json",
        "--preserve-symlinks",
        ...existing,
      ],
      { cwd, maxBuffer: 64 * 1024 * 1024 },
      (_error, stdout, stderr) => {
        if (stdout === "") reject(new Error(stderr));
        else resolve(Schema.decodeUnknownSync(Result)(stdout).summary);
      },
    );
  });

describe("the rooms of the house", () => {
  it("import only what architecture allows, and nothing runs in a circle", async () => {
    const { totalCruised, violations } = await cruise(root);
    assert.isAbove(totalCruised, 20);
    assert.deepStrictEqual(
      violations.map(({ from, rule, to }) => `${rule.name}: ${from} → ${to}`),
      [],
    );
  }, 60_000);
});

/** A small house in which every import but the last ones breaks a rule. */
const offences: ReadonlyArray<readonly [from: string, imported: string, rule: string | undefined]> = [
  ["src/domain/A.ts", "discord.js", "domain"],
  ["src/domain/B.ts", "node:fs", "domain"],
  ["src/domain/C.ts", "../layers/Tag.js", "domain"],
  ["src/layers/A.ts", "../services/Use.js", "layers"],
  ["src/layers/B.ts", "../programs/kit/Kit.js", "layers"],
  ["src/services/A.ts", "discord.js", "services"],
  ["src/services/B.ts", "@effect/platform", "services"],
  ["src/services/C.ts", "../layers/tag/inside.js", "inside-a-layer"],
  ["src/services/D.ts", "../programs/kit/Kit.js", "services"],
  ["src/services/repos/A.ts", "../Use.js", "repos"],
  ["src/services/repos/B.ts", "../../layers/Tag.js", "repos"],
  ["src/programs/commands/A.ts", "@effect/sql/SqlClient", "programs"],
  ["src/programs/commands/B.ts", "../../services/repos/Rows.js", "programs"],
  ["src/programs/views/A.ts", "../../services/Use.js", "views"],
  ["src/programs/cli/A.ts", "../events/Event.js", "cli"],
  ["src/http/api/A.ts", "node:crypto", "http-api"],
  ["src/http/api/B.ts", "../../services/Use.js", "http-api"],
  ["src/http/handlers/A.ts", "@effect/sql/SqlClient", "http"],
  ["src/http/handlers/B.ts", "discord.js", "http"],
  ["src/programs/events/A.ts", "../../App.js", "the-root"],
  ["migrations/A.ts", "../src/domain/Value.js", "migrations"],
  ["sandbox/A.ts", "../src/domain/Value.js", "sandbox-knows-nothing-of-the-bot"],
  ["src/layers/C.ts", "../../sandbox/World.js", "the-bot-knows-nothing-of-the-sandbox"],
  ["src/layers/D.ts", "vitest", "no-packages-of-development"],
  ["src/layers/E.ts", "colorette", "no-undeclared-packages"],
  ["src/layers/F.ts", "./nowhere.js", "resolvable"],
  ["src/domain/Back.ts", "./Loop.js", "no-circles"],
  // A circle is reported once, at its first file.
  ["src/domain/Loop.ts", "./Back.js", undefined],
  ["src/domain/Value.ts", "effect", undefined],
  ["src/layers/Tag.ts", "node:fs", undefined],
  ["src/layers/tag/inside.ts", "../../domain/Value.js", undefined],
  ["src/services/Use.ts", "../layers/Tag.js", undefined],
  ["src/services/repos/Rows.ts", "@effect/sql/SqlClient", undefined],
  ["src/programs/kit/Kit.ts", "../../services/Use.js", undefined],
  ["src/programs/events/Event.ts", "../kit/Kit.js", undefined],
  ["src/App.ts", "./layers/Tag.js", undefined],
  ["sandbox/World.ts", "node:http", undefined],
];

describe("a forbidden import", () => {
  let house = "";
  let violations: (typeof Result.Type)["summary"]["violations"] = [];

  beforeAll(async () => {
    house = mkdtempSync(join(tmpdir(), "house-"));
    for (const file of [".dependency-cruiser.cjs", "package.json", "tsconfig.json"]) {
      copyFileSync(join(root, file), join(house, file));
    }
    symlinkSync(join(root, "node_modules"), join(house, "node_modules"));
    for (const [from, imported] of offences) {
      const file = join(house, from);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, `import * as imported from "${imported}";\nexport const it = imported;\n`);
    }
    ({ violations } = await cruise(house));
  }, 60_000);

  afterAll(() => {
    rmSync(house, { recursive: true, force: true });
  });

  it.each(offences)("%s importing %s: %s", (from, _imported, rule) => {
    const broken = violations
      .filter((violation) => violation.from === from)
      .map((violation) => violation.rule.name);
    if (rule === undefined) assert.deepStrictEqual(broken, []);
    else assert.include(broken, rule);
  });
});
