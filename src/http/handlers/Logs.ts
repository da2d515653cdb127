import { HttpApiBuilder } from "@effect/platform";
import { Effect, Option, type Schema } from "effect";
import type { LogFilter } from "../../domain/Action.js";
import { AuditLog } from "../../services/AuditLog.js";
import { NotFound } from "../api/Errors.js";
import { CurrentAdmin } from "../api/Guards.js";
import { Api } from "../api/index.js";
import { LogCursor, type LogFilters } from "../api/Logs.js";
import { written } from "./Written.js";

const answer = written(LogCursor);

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
      .handleRaw("logs", ({ urlParams: { limit, cursor, ...filters } }) =>
        Effect.gen(function* () {
          const { guildId } = yield* CurrentAdmin;
          return answer(yield* audit.page(guildId, logFilter(filters), cursor ?? null, limit));
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
