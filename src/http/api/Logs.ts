import { HttpApiEndpoint, HttpApiGroup, OpenApi } from "@effect/platform";
import { Schema } from "effect";
import { ActionName, LogKey, SYSTEM_ACTOR } from "../../domain/Action.js";
import { ActionId, ApplicationId, Millis, UserId } from "../../domain/Ids.js";
import { NotFound } from "./Errors.js";
import { GuildAdmin, InGuild } from "./Guards.js";
import { LogRow } from "./LogRow.js";
import { cursorOf, Limit, Listed } from "./Pages.js";

export const LogCursor = cursorOf(LogKey);

export class LogPage extends Schema.Class<LogPage>("LogPage")({
  rows: Schema.Array(LogRow),
  next: Schema.NullOr(LogCursor).annotations({
    description:
      "Where the next page begins; none after the last one. A page for several conditions may be short, or empty, and " +
      "still have a next one.",
  }),
}) {}

const At = Schema.NumberFromString.pipe(Schema.compose(Millis));

/** Which rows; everything that is named has to hold. */
export const LogFilters = {
  actions: Schema.optionalWith(Listed(ActionName), { default: () => [] }),
  actor: Schema.optional(Schema.Union(UserId, Schema.Literal(SYSTEM_ACTOR))),
  target: Schema.optional(UserId),
  application: Schema.optional(ApplicationId),
  from: Schema.optional(At).annotations({ description: "Milliseconds; from then on." }),
  to: Schema.optional(At).annotations({ description: "Milliseconds; before then." }),
} as const;

export const LogsGroup = HttpApiGroup.make("logs")
  .add(
    HttpApiEndpoint.get("logs", "/api/logs")
      .setUrlParams(
        Schema.Struct({
          ...InGuild,
          ...LogFilters,
          limit: Limit,
          cursor: Schema.optional(LogCursor),
        }),
      )
      .addSuccess(LogPage)
      .annotate(OpenApi.Description, "The action log, newest first."),
  )
  .add(
    HttpApiEndpoint.get("log", "/api/logs/:id")
      .setPath(Schema.Struct({ id: ActionId }))
      .setUrlParams(Schema.Struct(InGuild))
      .addSuccess(LogRow)
      .addError(NotFound)
      .annotate(OpenApi.Description, "One row of the action log."),
  )
  .middleware(GuildAdmin);
