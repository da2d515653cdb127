import { HttpApiEndpoint, HttpApiGroup, OpenApi } from "@effect/platform";
import { Schema } from "effect";
import { NotFound } from "./Errors.js";

/** What a website shows of the guild. */
export class Banner extends Schema.Class<Banner>("Banner")({
  name: Schema.String,
  iconUrl: Schema.NullOr(Schema.String),
  bannerUrl: Schema.NullOr(Schema.String),
}) {}

export const BannerGroup = HttpApiGroup.make("banner").add(
  HttpApiEndpoint.get("banner", "/api/banner")
    .addSuccess(Banner)
    .addError(NotFound)
    .annotate(
      OpenApi.Description,
      "For everybody, and kept for five minutes: name and pictures of the guild of `GUILD_ID`, or else of the only one.",
    ),
);
