import { HttpApiBuilder, HttpServerResponse } from "@effect/platform";
import { Effect, Stream } from "effect";
import { type CsvFile, Exports } from "../../services/Exports.js";
import { CSV } from "../api/Exports.js";
import { Api } from "../api/index.js";
import { applicationFilter } from "./Applications.js";
import { logFilter } from "./Logs.js";
import { moderator } from "./Moderator.js";

const download = ({ name, text }: CsvFile) =>
  HttpServerResponse.stream(Stream.encodeText(text), {
    contentType: CSV,
    headers: { "content-disposition": `attachment; filename="${name}"` },
  });

export const exportsHandlers = HttpApiBuilder.group(Api, "exports", (handlers) =>
  Effect.map(Exports, (exports) =>
    handlers
      .handleRaw("exportLogs", ({ urlParams }) =>
        Effect.gen(function* () {
          const { guildId, by } = yield* moderator;
          return download(yield* exports.log(guildId, logFilter(urlParams), by));
        }),
      )
      .handleRaw("exportApplications", ({ urlParams }) =>
        Effect.gen(function* () {
          const { guildId, by } = yield* moderator;
          return download(yield* exports.applications(guildId, applicationFilter(urlParams), by));
        }),
      ),
  ),
);
