import * as SqlClient from "@effect/sql/SqlClient";
import { Context, Effect, Layer, Schema } from "effect";
import { type ApplicationFilter, ApplicationKey } from "../../domain/Application.js";
import { type GuildId, UserId } from "../../domain/Ids.js";
import { type EncodedPage, encodedPages, type Selection } from "./EncodedPage.js";
import { rows } from "./Repo.js";

/** Pages of applications for people to look through. */
export class ApplicationPageRepo extends Context.Tag("app/ApplicationPageRepo")<
  ApplicationPageRepo,
  {
    /** Those that were sent, newest first, after a place; each as `ApplicationRow`. */
    readonly page: (
      guildId: GuildId,
      filter: ApplicationFilter,
      after: ApplicationKey | null,
      limit: number,
    ) => Effect.Effect<EncodedPage<ApplicationKey>>;
  }
>() {}

/** What is found in this many applications is looked for from the newest on, and else by the text. */
const MANY = 1_000;

const CODE_PART = /^[0-9a-f]{1,6}$/;
const isUserId = Schema.is(UserId);
const lowerAscii = (text: string) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient;
  const counted = rows(Schema.Struct({ count: Schema.Int }));
  const pageOf = encodedPages(sql, {
    table: "application",
    fields: {
      id: "id",
      userId: "user_id",
      code: "code",
      username: "username",
      displayName: "display_name",
      avatarUrl: "avatar_url",
      joinedAt: "joined_at",
      status: "status",
      submittedAt: "submitted_at",
      claimedBy: "claimed_by",
      claimedAt: "claimed_at",
      decidedBy: "decided_by",
      decidedAt: "decided_at",
      reason: "reason",
      leftAt: "left_at",
    },
    order: ["submitted_at", "id"],
    key: ApplicationKey,
    keyNames: ["submittedAt", "id"],
  });

  const beginsWith = (column: string, text: string) => {
    const value = sql.literal(column);
    return sql`${value} >= ${text} AND ${value} < ${`${text}\u{10ffff}`}`;
  };

  /** What makes an application one that was searched for, each an index of its own. */
  const matches = (search: string) => {
    const text = lowerAscii(search.trim().replace(/^#/, ""));
    if (text === "") return [];
    return [
      beginsWith("lower(username)", text),
      beginsWith("lower(display_name)", text),
      ...(CODE_PART.test(text) ? [beginsWith("code", text)] : []),
      ...(isUserId(text) ? [sql`user_id = ${text}`] : []),
    ];
  };

  const select = (
    guildId: GuildId,
    { statuses = [], claimedBy, search = "" }: ApplicationFilter,
    after: ApplicationKey | null,
  ): Effect.Effect<Selection> =>
    Effect.gen(function* () {
      const inGuild = sql`guild_id = ${guildId}`;
      const sentAnywhere = [
        sql`submitted_at IS NOT NULL`,
        ...(after === null ? [] : [sql`(submitted_at, id) < (${after.submittedAt}, ${after.id})`]),
      ];
      const sent = [inGuild, ...sentAnywhere];
      const among = statuses.length === 0 ? [] : [sql.in("status", statuses)];
      const byClaimer = claimedBy === undefined ? [] : [sql`claimed_by = ${claimedBy}`];
      const wanted = matches(search);
      const searched = wanted.length === 0 ? [] : [sql.or(wanted.map((one) => sql`(${one})`))];

      if (wanted.length > 0) {
        const ids = wanted
          .map(
            (one) =>
              sql`SELECT id FROM (SELECT id FROM application WHERE ${inGuild} AND ${one} LIMIT ${MANY + 1}) AS one`,
          )
          .reduce((some, one) => sql`${some} UNION ALL ${one}`);
        const [few] = yield* counted(sql`SELECT COUNT(*) AS count FROM (${ids}) AS candidates`);
        if ((few?.count ?? 0) <= MANY)
          return {
            found: [{ where: [sql`id IN (${ids})`, ...sentAnywhere, ...byClaimer, ...among] }],
            filtered: [],
          };
      }
      if (claimedBy !== undefined)
        return {
          found: [{ index: "application_claimer", where: [...byClaimer, ...sent] }],
          filtered: [...among, ...searched],
        };
      if (statuses.length > 0)
        return {
          found: statuses.map((status) => ({
            index: "application_status",
            where: [sql`status = ${status}`, ...sent],
          })),
          filtered: searched,
        };
      return { found: [{ index: "application_sent", where: sent }], filtered: searched };
    });

  return ApplicationPageRepo.of({
    page: (guildId, filter, after, limit) =>
      Effect.flatMap(select(guildId, filter, after), (selection) => pageOf(selection, limit)),
  });
});

export const layer = Layer.effect(ApplicationPageRepo, make);
