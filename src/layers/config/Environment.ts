import { Effect } from "effect";
import dotenv from "dotenv";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ConfigInvalid } from "./ConfigInvalid.js";

export interface Entry {
  readonly text: string;
  readonly from: ".env" | "environment";
}

/** Every variable that is set to something, with where it was set. */
export type Environment = ReadonlyMap<string, Entry>;

type Values = Readonly<Record<string, string | undefined>>;

/** Space around a value, or the line end of a file it was read from, is never meant; an empty value is none. */
const entriesOf = (values: Values, from: Entry["from"]): ReadonlyArray<readonly [string, Entry]> =>
  Object.entries(values).flatMap(([name, value]) => {
    const text = value?.trim() ?? "";
    return text === "" ? [] : [[name, { text, from }] as const];
  });

/**
 * Lays the file over the process environment: `.env` wins, so that an edit and a restart are enough on a server; in
 * tests the process environment wins, so that a test decides what the bot it starts sees.
 */
export const merge = (processEnv: Values, dotenvText: string): Environment => {
  const file = entriesOf(dotenv.parse(dotenvText.replace(/^\uFEFF/, "")), ".env");
  const real = entriesOf(processEnv, "environment");
  return new Map(processEnv["NODE_ENV"] === "test" ? [...file, ...real] : [...real, ...file]);
};

const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "unknown reason";

/** Reads `.env` of the working directory and the process environment, and changes neither. */
export const read: Effect.Effect<Environment, ConfigInvalid> = Effect.try({
  try: () => readFileSync(join(process.cwd(), ".env"), "utf8"),
  catch: codeOf,
}).pipe(
  Effect.catchIf(
    (code) => code === "ENOENT",
    () => Effect.succeed(""),
  ),
  Effect.mapError(
    (code) =>
      new ConfigInvalid({
        problems: [
          { name: ".env", problem: `cannot be read (${code}); expected a text file the bot may read` },
        ],
      }),
  ),
  Effect.map((dotenvText) => merge(process.env, dotenvText)),
);
