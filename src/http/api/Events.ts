import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema, OpenApi } from "@effect/platform";
import { Schema } from "effect";
import { ApplicationId } from "../../domain/Ids.js";
import { TooManyRequests } from "./Errors.js";
import { GuildAdmin, InGuild } from "./Guards.js";
import { LogRow } from "./LogRow.js";

const Seq = Schema.Int.pipe(Schema.nonNegative());

/** What the stream sends, by its `event` field; the `data` field is the rest as JSON. */
export const Events = {
  /** A new row of the log. Its `id` field is the place to continue from. */
  action: LogRow,
  /** Something about an application is different: ask for it again. */
  application: Schema.Struct({ applicationId: ApplicationId }),
  /** A side effect of an application's decision has got on; `null`: of several. */
  effect: Schema.Struct({ applicationId: Schema.NullOr(ApplicationId) }),
  /** The guild's settings are different. */
  config: Schema.Struct({}),
  /** More has changed than can be told: ask for everything again. */
  reset: Schema.Struct({}),
} as const;
export type EventName = keyof typeof Events;

export const EventsGroup = HttpApiGroup.make("events").add(
  HttpApiEndpoint.get("events", "/api/events")
    .setUrlParams(
      Schema.Struct({
        ...InGuild,
        last_event_id: Schema.optional(
          Schema.NumberFromString.pipe(Schema.compose(Seq)).annotations({
            description: "The same as the header `Last-Event-ID`, for a first connection.",
          }),
        ),
      }),
    )
    .setHeaders(Schema.Struct({ "last-event-id": Schema.optional(Schema.String) }))
    .addSuccess(HttpApiSchema.Text({ contentType: "text/event-stream" }))
    .addError(TooManyRequests)
    .middleware(GuildAdmin)
    .annotate(
      OpenApi.Description,
      "What changes in a guild, as server-sent events: `action` (with the row of the log), `application`, `effect`, `config`, " +
        "and `reset` when more was missed than can be told. With `Last-Event-ID` it continues where a connection broke off, also " +
        "after a restart. The stream ends when the session or the role does.",
    ),
);
