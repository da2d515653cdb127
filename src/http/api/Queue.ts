import { HttpApiEndpoint, HttpApiGroup, OpenApi } from "@effect/platform";
import { Schema } from "effect";
import { QueueEntry } from "../../domain/Application.js";
import { ApplicationId, Millis } from "../../domain/Ids.js";
import { GuildAdmin, InGuild } from "./Guards.js";
import { cursorOf, Limit } from "./Pages.js";

const Place = Schema.Struct({ submittedAt: Millis, id: ApplicationId });
const PlaceCursor = cursorOf(Place);

export class QueueOfGuild extends Schema.Class<QueueOfGuild>("QueueOfGuild")({
  entries: Schema.Array(QueueEntry),
  /** Where the next page begins; none after the last one. */
  next: Schema.NullOr(PlaceCursor),
  total: Schema.Int.annotations({ description: "How many wait, on all pages." }),
}) {}

export const QueueGroup = HttpApiGroup.make("queue").add(
  HttpApiEndpoint.get("queue", "/api/queue")
    .setUrlParams(Schema.Struct({ ...InGuild, limit: Limit, cursor: Schema.optional(PlaceCursor) }))
    .addSuccess(QueueOfGuild)
    .middleware(GuildAdmin)
    .annotate(OpenApi.Description, "Applications that wait for a decision, longest waiting first."),
);
