import { Config, ConfigError, Either, Option } from "effect";
import type { Parser } from "./Parser.js";

/** One environment variable: how it is read, and what `env:check` says about it. */
export interface Variable<A> {
  readonly name: string;
  readonly about: string;
  readonly expected: string;
  readonly need: "required" | "default" | "optional";
  /** What holds when the variable is absent, in words. */
  readonly fallback: Option.Option<string>;
  /** Its value must never be printed. */
  readonly secret: boolean;
  readonly config: Config.Config<A>;
}

export type Described = Omit<Variable<unknown>, "config">;

interface Options {
  readonly secret?: boolean;
  readonly fallback?: string;
}

const read = <A>(name: string, about: string, parser: Parser<A>): Config.Config<A> =>
  Config.primitive(about, (text) =>
    Either.mapLeft(parser.parse(text), (wrong) =>
      ConfigError.InvalidData([], `${wrong}; expected ${parser.expected}`),
    ),
  ).pipe(Config.withDescription(about), Config.nested(name));

const describe = (name: string, about: string, expected: string, options: Options = {}) => ({
  name,
  about,
  expected,
  fallback: Option.fromNullable(options.fallback),
  secret: options.secret ?? false,
});

export const required = <A>(
  name: string,
  about: string,
  parser: Parser<A>,
  options?: Options,
): Variable<A> => ({
  ...describe(name, about, parser.expected, options),
  need: "required",
  config: read(name, about, parser),
});

export const optional = <A>(
  name: string,
  about: string,
  parser: Parser<A>,
  options?: Options,
): Variable<Option.Option<A>> => ({
  ...describe(name, about, parser.expected, options),
  need: options?.fallback === undefined ? "optional" : "default",
  config: Config.option(read(name, about, parser)),
});

/** A variable that has a value when it is absent; the default is read by the same parser as everybody's text. */
export const withDefault = <A>(
  name: string,
  about: string,
  parser: Parser<A>,
  fallback: string,
): Variable<A> => ({
  ...describe(name, about, parser.expected, { fallback }),
  need: "default",
  config: read(name, about, parser).pipe(Config.withDefault(Either.getOrThrow(parser.parse(fallback)))),
});

/** An empty list when the variable is absent. */
export const listed = <A>(
  name: string,
  about: string,
  parser: Parser<ReadonlyArray<A>>,
): Variable<ReadonlyArray<A>> => ({
  ...describe(name, about, parser.expected),
  need: "optional",
  config: read(name, about, parser).pipe(Config.withDefault<ReadonlyArray<A>>([])),
});

/** A problem of one variable, in the words that are printed. */
export const problemOf = (variable: Described, wrong: string): ConfigError.ConfigError =>
  ConfigError.InvalidData([variable.name], wrong);
