import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema, OpenApi } from "@effect/platform";
import { Schema } from "effect";
import { ApplicationFilters } from "./Applications.js";
import { GuildAdmin, InGuild } from "./Guards.js";
import { LogFilters } from "./Logs.js";
import { RateClass } from "./RateClass.js";

export const CSV = "text/csv; charset=utf-8; header=present";

const file = <const Name extends string>(name: Name, path: `/${string}`) =>
  HttpApiEndpoint.get(name, path)
    .addSuccess(HttpApiSchema.Text({ contentType: CSV }))
    .annotate(RateClass, "heavy");

/** Tables to take away, newest rows first. */
export const ExportsGroup = HttpApiGroup.make("exports")
  .add(
    file("exportLogs", "/api/exports/logs.csv")
      .setUrlParams(Schema.Struct({ ...InGuild, ...LogFilters }))
      .annotate(
        OpenApi.Description,
        "The action log as CSV, with the filters of its pages: `timestamp,action,moderator,applicant,reason,response_time_ms`.",
      ),
  )
  .add(
    file("exportApplications", "/api/exports/applications.csv")
      .setUrlParams(Schema.Struct({ ...InGuild, ...ApplicationFilters }))
      .annotate(OpenApi.Description, "Applications as CSV, with the filters of their list; without answers."),
  )
  .middleware(GuildAdmin);
