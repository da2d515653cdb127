import { HttpApiBuilder, HttpServerResponse } from "@effect/platform";
import { Effect } from "effect";
import { GuildReport } from "../../services/GuildReport.js";
import { Banner } from "../api/Banner.js";
import { NotFound } from "../api/Errors.js";
import { Api } from "../api/index.js";

const answer = HttpServerResponse.schemaJson(Banner);

export const bannerHandlers = HttpApiBuilder.group(Api, "banner", (handlers) =>
  Effect.map(GuildReport, (reports) =>
    handlers.handle("banner", () =>
      Effect.gen(function* () {
        const { name, iconUrl, bannerUrl } = yield* Effect.mapError(
          Effect.flatten(reports.ofWebsite),
          () => new NotFound(),
        );
        return yield* Effect.orDie(
          answer(Banner.make({ name, iconUrl, bannerUrl }), {
            headers: { "cache-control": "public, max-age=300" },
          }),
        );
      }),
    ),
  ),
);
