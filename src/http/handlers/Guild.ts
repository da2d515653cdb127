import { HttpApiBuilder } from "@effect/platform";
import { Effect } from "effect";
import { GuildReport } from "../../services/GuildReport.js";
import { UnknownGuild } from "../../domain/Session.js";
import { CurrentAdmin } from "../api/Guards.js";
import { Guild } from "../api/Guild.js";
import { Api } from "../api/index.js";

export const guildHandlers = HttpApiBuilder.group(Api, "guild", (handlers) =>
  Effect.map(GuildReport, (reports) =>
    handlers.handle("guild", () =>
      Effect.gen(function* () {
        const { guildId, rung } = yield* CurrentAdmin;
        // The bot may have left since the guard looked.
        const { findings, panic, ...state } = yield* Effect.flatten(reports.report(guildId)).pipe(
          Effect.mapError(() => new UnknownGuild()),
        );
        return Guild.make({
          ...state,
          rung,
          preflight: { wouldWork: findings.every(({ problem }) => problem === null), findings },
          panic: panic === null ? null : { isOn: panic.isOn, since: panic.since, by: panic.actor },
        });
      }),
    ),
  ),
);
