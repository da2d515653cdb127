/**
 * `npm run scan:legacy`, the second half of `npm run build`: what must not be in what is shipped, as `file:line`.
 * The environment read outside Config, printing outside the scripts, tables and columns that are gone, secrets.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "dotenv";
import { Effect } from "effect";
import { migrations } from "../../migrations/index.js";
import { variables } from "../../src/layers/Config.js";
import { type Finding, type SourceFile, written } from "./Finding.js";
import { historyOf, scanStatements } from "./schema.js";
import { scanSecrets } from "./secrets.js";
import { scanSource } from "./source.js";
import { statementsIn } from "./statements.js";

const filesIn = (folder: string, ending: RegExp): ReadonlyArray<SourceFile> =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: "utf8" })
        .filter((file) => ending.test(file))
        .sort()
        .map((file) => {
          const path = join(folder, file);
          return { file: path, text: readFileSync(path, "utf8") };
        })
    : [];

const ownSecrets = (): ReadonlyMap<string, string> => {
  const values = existsSync(".env") ? parse(readFileSync(".env")) : {};
  const example = existsSync(".env.example") ? parse(readFileSync(".env.example")) : {};
  const secret = variables.filter((variable) => variable.secret).map(({ name }) => name);
  return new Map(
    secret.flatMap((name) => {
      const value = values[name];
      return value === undefined || value === example[name] ? [] : [[name, value] as const];
    }),
  );
};

const source = filesIn("src", /\.tsx?$/);
const shipped = filesIn("dist", /\.(js|map)$/);
const statements = source.flatMap(statementsIn);
const sql = scanStatements(statements, await Effect.runPromise(historyOf(migrations)));
const secrets = ownSecrets();
const findings: ReadonlyArray<Finding> = [
  ...source.flatMap(scanSource),
  ...sql.findings,
  ...shipped.flatMap((file) => scanSecrets(file, secrets)),
];

for (const finding of findings) console.error(written(finding));
console.log(
  `scan:legacy: ${source.length} source files, ${statements.length} pieces of SQL (${sql.prepared} compiled against today's schema, the others looked at by name), ${shipped.length} files of dist: ${findings.length === 0 ? "nothing found" : `${findings.length} found`}.`,
);
process.exitCode = findings.length === 0 ? 0 : 1;
