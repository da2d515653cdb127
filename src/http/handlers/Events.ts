import { HttpApiBuilder, HttpServerRequest, HttpServerResponse } from "@effect/platform";
import { Duration, Effect, Option, Schedule, Schema, Stream } from "effect";
import type { Action } from "../../domain/Action.js";
import { Lifecycle } from "../../layers/Lifecycle.js";
import { Access } from "../../services/Access.js";
import { Changes, type News } from "../../services/Changes.js";
import { TooManyRequests } from "../api/Errors.js";
import { type EventName, Events } from "../api/Events.js";
import { CurrentAdmin } from "../api/Guards.js";
import { Api } from "../api/index.js";
import { live } from "../middleware/Live.js";

/** So many streams at once, of everybody; a browser opens six connections to a host. */
const STREAMS = 200;
/** Proxies close what is silent for a minute; and a session that ends unnoticed is noticed by then. */
const HEARTBEAT = Duration.seconds(20);
/** A broken stream is opened again after so many milliseconds. */
const RETRY_MILLIS = 3_000;

const ROW_CHANGES_SETTINGS: ReadonlySet<Action["name"]> = new Set(["config_change", "gate_reset"]);

const encoders = {
  action: Schema.encodeSync(Schema.parseJson(Events.action)),
  application: Schema.encodeSync(Schema.parseJson(Events.application)),
  effect: Schema.encodeSync(Schema.parseJson(Events.effect)),
  config: Schema.encodeSync(Schema.parseJson(Events.config)),
  reset: Schema.encodeSync(Schema.parseJson(Events.reset)),
} as const;

const message = (event: EventName, data: string, id?: number): string =>
  `${id === undefined ? "" : `id: ${id}\n`}event: ${event}\ndata: ${data}\n\n`;

/** The id comes with the last message of a row: whoever breaks off before it is told the row again. */
const ofRow = (row: Action): string =>
  [
    row.applicationId === null
      ? ""
      : message("application", encoders.application({ applicationId: row.applicationId })),
    ROW_CHANGES_SETTINGS.has(row.name) ? message("config", encoders.config({})) : "",
    message("action", encoders.action(row), row.seq),
  ].join("");

const text = ({ actions, effects, reset, upTo }: News): string =>
  [
    reset ? message("reset", encoders.reset({}), upTo) : "",
    ...actions.map(ofRow),
    ...(effects === null ? [null] : [...effects]).map((applicationId) =>
      message("effect", encoders.effect({ applicationId })),
    ),
  ].join("");

const placeOf = Schema.decodeUnknownOption(Schema.NumberFromString.pipe(Schema.int(), Schema.nonNegative()));

export const eventsHandlers = HttpApiBuilder.group(Api, "events", (handlers) =>
  Effect.gen(function* () {
    const access = yield* Access;
    const changes = yield* Changes;
    const current = yield* live;
    const lifecycle = yield* Lifecycle;

    return handlers.handle("events", ({ headers, urlParams }) =>
      Effect.gen(function* () {
        if ((yield* changes.watching) >= STREAMS)
          return yield* new TooManyRequests({ retryAfterSeconds: 60 });
        const { guildId, session } = yield* CurrentAdmin;
        const request = yield* HttpServerRequest.HttpServerRequest;
        const asking = Effect.provideService(current, HttpServerRequest.HttpServerRequest, request);
        const after = Option.getOrElse(
          placeOf(headers["last-event-id"]),
          () => urlParams.last_event_id ?? null,
        );

        /** Whether this person may still see this guild; what cannot be asked counts as no. */
        const allowed = Effect.gen(function* () {
          if (Option.isNone(yield* asking)) return false;
          return (
            (yield* Effect.orElseSucceed(access.adminRungIn(guildId, session.userId), () => null)) !== null
          );
        });

        const news = Stream.unwrapScoped(
          Effect.map(changes.watch(guildId, after), ({ next }) =>
            Stream.map(Stream.repeatEffect(next), text),
          ),
        );
        const alive = Stream.as(Stream.fromSchedule(Schedule.spaced(HEARTBEAT)), ": still here\n\n");
        const body = Stream.concat(
          Stream.succeed(`retry: ${RETRY_MILLIS}\n\n`),
          Stream.merge(news, alive),
        ).pipe(
          Stream.mapEffect((part) =>
            Effect.map(allowed, (still) => (still ? Option.some(part) : Option.none())),
          ),
          Stream.takeWhile(Option.isSome),
          Stream.map(({ value }) => value),
          Stream.interruptWhen(lifecycle.stopping),
          Stream.encodeText,
        );
        // A connection that has streamed is not worth keeping; idle, it would hold up a stop.
        return HttpServerResponse.stream(body, {
          contentType: "text/event-stream; charset=utf-8",
          headers: {
            "cache-control": "no-store, no-transform",
            "x-accel-buffering": "no",
            connection: "close",
          },
        });
      }),
    );
  }),
);
