import * as SqlClient from "@effect/sql/SqlClient";
import { Context, Effect, Layer } from "effect";
import { type LogFilter, LogKey } from "../../domain/Action.js";
import type { GuildId } from "../../domain/Ids.js";
import { type EncodedPage, encodedPages, type Selection } from "./EncodedPage.js";

/** Pages of the log for people to look through. */
export class LogPageRepo extends Context.Tag("app/LogPageRepo")<
  LogPageRepo,
  {
    /** Newest first, after a place; each row as the contract's `LogRow`. */
    readonly page: (
      guildId: GuildId,
      filter: LogFilter,
      after: LogKey | null,
      limit: number,
    ) => Effect.Effect<EncodedPage<LogKey>>;
  }
>() {}

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient;
  const pageOf = encodedPages(sql, {
    table: "action_log",
    fields: {
      id: "id",
      seq: "seq",
      name: "name",
      actor: "actor",
      target: "target",
      applicationId: "application_id",
      reason: "reason",
      details: { json: "details" },
      at: "at",
    },
    order: ["at", "seq"],
    key: LogKey,
    keyNames: ["at", "seq"],
  });

  /** Few rows are about one application, more about one person, most by one moderator or of one kind. */
  const select = (
    guildId: GuildId,
    { names = [], actor, target, applicationId, from, to }: LogFilter,
    after: LogKey | null,
  ): Selection => {
    const within = [
      sql`guild_id = ${guildId}`,
      ...(from === undefined ? [] : [sql`at >= ${from}`]),
      ...(to === undefined ? [] : [sql`at < ${to}`]),
      ...(after === null ? [] : [sql`(at, seq) < (${after.at}, ${after.seq})`]),
    ];
    const among = names.length === 0 ? [] : [sql.in("name", names)];
    const byActor = actor === undefined ? [] : [sql`actor = ${actor}`];
    const byTarget = target === undefined ? [] : [sql`target = ${target}`];
    if (applicationId !== undefined) {
      const where = [sql`application_id = ${applicationId}`, ...within, ...byTarget, ...byActor, ...among];
      return { found: [{ index: "action_log_application", where }], filtered: [] };
    }
    if (target !== undefined)
      return {
        found: [{ index: "action_log_target", where: [...byTarget, ...within] }],
        filtered: [...byActor, ...among],
      };
    if (actor !== undefined)
      return { found: [{ index: "action_log_actor", where: [...byActor, ...within] }], filtered: among };
    if (names.length > 0)
      return {
        found: names.map((name) => ({ index: "action_log_name", where: [sql`name = ${name}`, ...within] })),
        filtered: [],
      };
    return { found: [{ index: "action_log_time", where: within }], filtered: [] };
  };

  return LogPageRepo.of({
    page: (guildId, filter, after, limit) => pageOf(select(guildId, filter, after), limit),
  });
});

export const layer = Layer.effect(LogPageRepo, make);
