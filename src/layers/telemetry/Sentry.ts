import { randomUUID } from "node:crypto";
import type * as SentryNode from "@sentry/node";
import {
  Array as Arr,
  Cause,
  Context,
  Effect,
  FiberRef,
  FiberRefs,
  HashMap,
  Layer,
  Logger,
  LogLevel,
  Option,
  Predicate,
  Redacted,
  Tracer,
} from "effect";
import { VERSION } from "../../domain/Version.js";
import type { SentrySettings } from "../Config.js";
import type { Fields } from "./Fields.js";
import * as Privacy from "./Privacy.js";
import * as SourceMaps from "./SourceMaps.js";

/** How long a stop waits for what is not sent yet; PM2 gives it five seconds for everything. */
const FLUSH_MS = 800;

/** The names of what is traced as a whole. */
const TRACED = /^(interaction|effect|job|http\.server) /;

/** Annotations that say where something happened. Everything else a line holds stays in the log. */
const TAGS = ["trace", "handler", "guild", "effect", "job", "event", "method", "route"];

/** What the fiber was doing, so that the error and its trace are shown together. */
const spanIn = (refs: FiberRefs.FiberRefs): Option.Option<Tracer.AnySpan> =>
  Option.flatMap(FiberRefs.get(refs, FiberRef.currentContext), (context) =>
    Context.getOption(context, Tracer.ParentSpan),
  );

const errorIn = (cause: Cause.Cause<unknown>, message: unknown): Option.Option<unknown> =>
  Cause.isEmpty(cause)
    ? Arr.findFirst(Arr.ensure(message), Predicate.isError)
    : Option.some(Cause.originalError(Cause.squash(cause)));

const textOf = (message: unknown): string =>
  Arr.ensure(message)
    .filter((part) => typeof part === "string")
    .join(" ");

/** Sends what is logged as an error, with the ids that the log has beside it. */
const reporter = (sentry: typeof SentryNode, fields: Fields): Logger.Logger<unknown, void> =>
  Logger.make(({ annotations, cause, context, logLevel, message }) => {
    if (
      LogLevel.lessThan(logLevel, LogLevel.Error) ||
      Cause.isInterruptedOnly(cause) !== Cause.isEmpty(cause)
    )
      return;
    sentry.withScope((scope) => {
      scope.setLevel(logLevel._tag === "Fatal" ? "fatal" : "error");
      const text = fields.line(textOf(message)).slice(0, 200);
      if (text !== "") scope.setTag("log", text);
      for (const name of TAGS) {
        const value = HashMap.get(annotations, name);
        if (Option.isSome(value)) scope.setTag(name, fields.line(String(value.value)).slice(0, 200));
      }
      const user = HashMap.get(annotations, "user");
      if (Option.isSome(user)) scope.setUser({ id: String(user.value) });
      Option.map(spanIn(context), ({ traceId, spanId, sampled }) =>
        scope.setPropagationContext({ traceId, parentSpanId: spanId, sampled, sampleRand: 0 }),
      );
      Option.match(errorIn(cause, message), {
        onNone: () => sentry.captureMessage(text),
        onSome: (error) => sentry.captureException(error),
      });
    });
  });

const start = async (settings: SentrySettings, fields: Fields) => {
  const [sentry, otel, resource] = await Promise.all([
    import("@sentry/node"),
    import("@effect/opentelemetry/Tracer"),
    import("@effect/opentelemetry/Resource"),
  ]);
  const findSources = SourceMaps.make();
  sentry.initWithoutDefaultIntegrations({
    dsn: Redacted.value(settings.dsn),
    environment: settings.environment,
    release: `pawtropolis@${VERSION}`,
    // The polling of the outbox and other statements on their own are no traces.
    tracesSampler: ({ name }) => (TRACED.test(name) ? settings.tracesSampleRate : 0),
    enableOpenTelemetrySetup: true,
    // Spans are made by this program; nothing is patched into other people's modules.
    enableRuntimeChannelInjection: false,
    traceLifecycle: "static",
    maxBreadcrumbs: 0,
    sendClientReports: false,
    integrations: [sentry.linkedErrorsIntegration(), sentry.nodeContextIntegration()],
    beforeSend: (event) => Privacy.ofError(event, fields, findSources),
    beforeSendTransaction: (event) => Privacy.ofTransaction(event, fields),
  });
  /** Sentry goes on with whatever trace it was in where a span has no parent: here each begins its own. */
  const freshTraces = (tracer: Tracer.Tracer): Tracer.Tracer => ({
    ...tracer,
    span: (name, parent, ...rest) =>
      Option.isSome(parent)
        ? tracer.span(name, parent, ...rest)
        : sentry.withActiveSpan(null, (scope) => {
            const traceId = randomUUID().replaceAll("-", "");
            scope.setPropagationContext({ traceId, sampleRand: Math.random() });
            return tracer.span(name, parent, ...rest);
          }),
  });
  const tracer = Layer.unwrapEffect(Effect.map(otel.make, (made) => Layer.setTracer(freshTraces(made)))).pipe(
    Layer.provide(otel.layerGlobalTracer),
    Layer.provide(resource.layer({ serviceName: "pawtropolis", serviceVersion: VERSION })),
  );
  return { sentry, tracer };
};

/**
 * Error tracking and traces. Loaded only here, so that without a DSN it costs nothing; a Sentry that cannot be reached or
 * loaded delays nothing and stops nothing.
 */
export const layer = (settings: SentrySettings, fields: Fields): Layer.Layer<never> =>
  Layer.unwrapScoped(
    Effect.acquireRelease(
      Effect.tryPromise(() => start(settings, fields)),
      ({ sentry }) => Effect.ignore(Effect.tryPromise(() => sentry.close(FLUSH_MS))),
    ).pipe(
      Effect.map(({ sentry, tracer }) =>
        Layer.merge(
          Logger.add(reporter(sentry, fields)),
          settings.tracesSampleRate > 0 ? tracer : Layer.setTracerEnabled(false),
        ),
      ),
      Effect.catchAll((error) =>
        Effect.as(
          Effect.logWarning("Error tracking could not be started; the bot works without it", error),
          Layer.setTracerEnabled(false),
        ),
      ),
    ),
  );
