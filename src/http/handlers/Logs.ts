import { HttpApiBuilder, HttpServerResponse } from "@effect/platform";
import { Effect, Option, Schema } from "effect";
import type { LogFilter } from "../../domain/Action.js";
import { AuditLog } from "../../services/AuditLog.js";
import { NotFound } from "../api/Errors.js";
import { CurrentAdmin } from "../api/Guards.js";
import { Api } from "../api/index.js";
import { LogCursor, type LogFilters } from "../api/Logs.js";

const encodeNext = Schema.encodeSync(Schema.parseJson(Schema.NullOr(LogCursor)));

export const logFilter = ({
  actions,
  actor,
  target,
  application,
  from,
  to,
}: Schema.Struct.Type<typeof LogFilters>): LogFilter => ({
  names: actions,
  ...(actor !== undefined && { actor }),
  ...(target !== undefined && { target }),
  ...(application !== undefined && { applicationId: application }),
  ...(from !== undefined && { from }),
  ...(to !== undefined && { to }),
});

export const logsHandlers = HttpApiBuilder.group(Api, "logs", (handlers) =>
  Effect.map(AuditLog, (audit) =>
    handlers
      // SQLite has written the rows; a test decodes them with the contract.
      .handleRaw("logs", ({ urlParams: { limit, cursor, ...filters } }) =>
        Effect.gen(function* () {
          const { guildId } = yield* CurrentAdmin;
          const { rows, next } = yield* audit.page(guildId, logFilter(filters), cursor ?? null, limit);
          return HttpServerResponse.text(`{"rows":${rows},"next":${encodeNext(next)}}`, {
            contentType: "application/json",
          });
        }),
      )
      .handle("log", ({ path: { id } }) =>
        Effect.gen(function* () {
          const { guildId } = yield* CurrentAdmin;
          const found = Option.filter(yield* audit.find(id), (row) => row.guildId === guildId);
          return yield* Effect.mapError(found, () => new NotFound());
        }),
      ),
  ),
);
