import { HttpApiBuilder } from "@effect/platform";
import { Effect } from "effect";
import { Applications } from "../../services/Applications.js";
import { CurrentAdmin } from "../api/Guards.js";
import { Api } from "../api/index.js";
import { QueueOfGuild } from "../api/Queue.js";

export const queueHandlers = HttpApiBuilder.group(Api, "queue", (handlers) =>
  Effect.map(Applications, (applications) =>
    handlers.handle("queue", ({ urlParams: { cursor, limit } }) =>
      Effect.gen(function* () {
        const { guildId } = yield* CurrentAdmin;
        const { entries, more, total } = yield* applications.page(
          guildId,
          null,
          cursor ?? null,
          "next",
          limit,
        );
        const last = entries.at(-1);
        const next =
          more.after && last !== undefined && last.submittedAt !== null
            ? { submittedAt: last.submittedAt, id: last.id }
            : null;
        return QueueOfGuild.make({ entries, next, total });
      }),
    ),
  ),
);
