import {
  Cause,
  Console,
  Context,
  Effect,
  Layer,
  Logger,
  LogLevel,
  MutableRef,
  Option,
  Predicate,
  Redacted,
  Schema,
  String,
} from "effect";
import { pino } from "pino";
import { AppConfig, type AppConfigShape, type LogLevelName, readEnvironment, variables } from "./Config.js";
import * as Fields from "./telemetry/Fields.js";
import * as PinoLogger from "./telemetry/PinoLogger.js";
import * as Sentry from "./telemetry/Sentry.js";

const MINIMUM: Readonly<Record<LogLevelName, LogLevel.LogLevel>> = {
  trace: LogLevel.Trace,
  debug: LogLevel.Debug,
  info: LogLevel.Info,
  warn: LogLevel.Warning,
  error: LogLevel.Error,
  fatal: LogLevel.Fatal,
};

/** Every secret the configuration holds, so that none is written even where some library put it into its own words. */
const secretsOf = (config: AppConfigShape): ReadonlyArray<Redacted.Redacted> => [
  config.discord.token,
  config.resetPassword,
  ...Option.match(config.dashboard, {
    onNone: () => [],
    onSome: ({ clientSecret, sessionSecret }) => [clientSecret, sessionSecret],
  }),
  ...Option.toArray(Option.map(config.sentry, ({ dsn }) => dsn)),
  ...Option.toArray(config.vision.apiKey),
  ...Option.toArray(config.alerts.webhook),
];

/** Written synchronously: the last line before a crash is the one that is needed. */
const stdout = Effect.sync(() => pino.destination({ fd: 1, sync: true }));

/** Lines for people. Not installed in production, and loaded only where they are wanted. */
const prettyStdout = Effect.gen(function* () {
  const { prettyFactory } = yield* Effect.promise(() => import("pino-pretty"));
  const pretty = prettyFactory({ translateTime: "SYS:standard", ignore: "pid,hostname" });
  const destination = yield* stdout;
  return { write: (line: string) => destination.write(pretty(line)) };
}).pipe(Effect.catchAllDefect(() => stdout));

/**
 * In place of the logger the runtime began with: Effect's own, or the pretty one that NodeRuntime.runMain puts there.
 * Its level holds for everything built on this layer.
 */
const logTo = (
  config: AppConfigShape,
  fields: Fields.Fields,
  destination: pino.DestinationStream,
): Layer.Layer<never> => {
  const logger = PinoLogger.make(fields, destination);
  return Layer.mergeAll(
    Logger.remove(Logger.defaultLogger),
    Logger.remove(Logger.prettyLoggerDefault),
    Logger.add(logger),
    Logger.minimumLogLevel(MINIMUM[config.logging.level]),
  );
};

const notices = (config: AppConfigShape): Effect.Effect<void> =>
  Effect.forEach(config.warnings, (warning) => Effect.logWarning(warning), { discard: true });

/** Errors and traces for Sentry; without it no span is made: every statement and interaction would make one. */
const tracking = (config: AppConfigShape, fields: Fields.Fields): Layer.Layer<never> =>
  Option.match(config.sentry, {
    onNone: () => Layer.setTracerEnabled(false),
    onSome: (settings) => Sentry.layer(settings, fields),
  });

const make = (config: AppConfigShape, destination: pino.DestinationStream): Layer.Layer<never> => {
  const fields = Fields.make(secretsOf(config));
  return Layer.effectDiscard(notices(config)).pipe(
    Layer.provideMerge(tracking(config, fields)),
    Layer.provideMerge(logTo(config, fields, destination)),
  );
};

/** Structured logs on standard output, in pino's shape; for people while developing. */
export const layer: Layer.Layer<never, never, AppConfig> = Layer.unwrapEffect(
  Effect.gen(function* () {
    const config = yield* AppConfig;
    return make(config, yield* config.nodeEnv === "development" ? prettyStdout : stdout);
  }),
);

/** What stands in the environment under the name of a secret, whether or not a configuration came of it. */
const secretsOfEnvironment = readEnvironment.pipe(
  Effect.map((environment) =>
    variables.flatMap(({ name, secret }) => {
      const text = secret ? environment.get(name)?.text : undefined;
      return text === undefined ? [] : [Redacted.make(text)];
    }),
  ),
  Effect.orElseSucceed((): ReadonlyArray<Redacted.Redacted> => []),
);

/**
 * Says on standard error why the program ends: the message of a failure that was foreseen, which names its remedy and
 * needs no stack, or everything known about one that was not. For main.ts and scripts, where no log may exist yet.
 */
export const reportFailure = (cause: Cause.Cause<unknown>): Effect.Effect<void> => {
  if (Cause.isInterruptedOnly(cause)) return Effect.void;
  const words = Option.match(Option.filter(Cause.failureOption(cause), Predicate.isError), {
    onNone: () => Cause.pretty(cause, { renderErrorCause: true }),
    onSome: ({ message }) => message,
  });
  return Effect.flatMap(secretsOfEnvironment, (secrets) => Console.error(Fields.make(secrets).lines(words)));
};

const LogLine = Schema.Struct(
  { level: Schema.Number, time: Schema.Number, msg: Schema.String },
  { key: Schema.String, value: Schema.Unknown },
);
/** A line as it was written. */
export type LogLine = typeof LogLine.Type;

/** What was logged during a test. */
export class CapturedLogs extends Context.Tag("app/CapturedLogs")<
  CapturedLogs,
  {
    readonly lines: Effect.Effect<ReadonlyArray<LogLine>>;
    /** The same, as the text that would have gone to standard output. */
    readonly text: Effect.Effect<string>;
  }
>() {}

/** Nothing on standard output: the same lines, kept for the test to look at. */
export const layerTest: Layer.Layer<CapturedLogs, never, AppConfig> = Layer.unwrapEffect(
  Effect.gen(function* () {
    const config = yield* AppConfig;
    const captured = MutableRef.make("");
    const decode = Schema.decodeUnknown(Schema.parseJson(LogLine));
    const text = Effect.sync(() => MutableRef.get(captured));
    const lines = Effect.flatMap(text, (all) =>
      Effect.forEach(all.split("\n").filter(String.isNonEmpty), (line) => Effect.orDie(decode(line))),
    );
    return Layer.merge(
      Layer.succeed(CapturedLogs, { text, lines }),
      make(config, {
        write: (line) => {
          MutableRef.update(captured, (before) => before + line);
        },
      }),
    );
  }),
);
