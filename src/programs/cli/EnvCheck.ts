import { Console, Effect, Either, Option } from "effect";
import {
  type AppConfigShape,
  type ConfigInvalid,
  decode,
  type Environment,
  readEnvironment,
  variables,
} from "../../layers/Config.js";

type Described = (typeof variables)[number];

const TOKEN_SHOWN = 10;

/** Enough of a token to tell which one it is, and never more than a quarter of it. */
const beginning = (text: string): string =>
  text.slice(0, Math.min(TOKEN_SHOWN, Math.floor(text.length / 4))).replace(/[^\x21-\x7e]/g, "?");

const shown = (variable: Described, text: string, from: string): string => {
  if (!variable.secret) return `${text} (set in ${from === ".env" ? ".env" : "the environment"})`;
  const start = variable.name === "DISCORD_TOKEN" ? beginning(text) : "";
  return `REDACTED... (set in ${from === ".env" ? ".env" : "the environment"}${start === "" ? "" : `, begins with ${start}`})`;
};

const stateOf = (
  variable: Described,
  environment: Environment,
  problems: ReadonlyMap<string, string>,
): string => {
  const entry = environment.get(variable.name);
  const problem = problems.get(variable.name);
  if (problem !== undefined) return entry === undefined ? problem : `invalid: ${problem}`;
  if (entry !== undefined) return shown(variable, entry.text, entry.from);
  return Option.match(variable.fallback, {
    onNone: () => "missing (optional)",
    onSome: (fallback) => `${fallback} (default)`,
  });
};

/** One line for every variable, `NAME? what holds`, then the warnings, then whether the bot would start. */
export const report = (
  environment: Environment,
  outcome: Either.Either<AppConfigShape, ConfigInvalid>,
): string => {
  const found = Either.match(outcome, { onLeft: ({ problems }) => problems, onRight: () => [] });
  const problems = new Map(found.map(({ name, problem }) => [name, problem]));
  const warnings = Either.match(outcome, { onLeft: () => [], onRight: (config) => config.warnings });
  const fromFile = [...environment.values()].some(({ from }) => from === ".env");
  return [
    ...variables.map((variable) => `${variable.name}? ${stateOf(variable, environment, problems)}`),
    "",
    ...(fromFile ? [] : ["note: nothing was read from a .env file in this directory"]),
    ...warnings.map((warning) => `warning: ${warning}`),
    found.length === 0
      ? "The bot would start with this configuration."
      : `The bot would not start: ${found.length} ${found.length === 1 ? "problem" : "problems"}, marked missing or invalid above.`,
  ].join("\n");
};

/** Prints the report; fails, after it is printed, when the bot would not start. */
export const program: Effect.Effect<void, ConfigInvalid> = Effect.gen(function* () {
  const environment = yield* readEnvironment.pipe(
    Effect.tapError((unreadable) => Console.error(unreadable.message)),
  );
  const outcome = yield* Effect.either(decode(environment));
  yield* Console.log(report(environment, outcome));
  yield* outcome;
});
