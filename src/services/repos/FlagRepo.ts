import * as SqlClient from "@effect/sql/SqlClient";
import { Context, Effect, Layer, Option, Schema } from "effect";
import { Flag } from "../../domain/Flag.js";
import { type FlagId, type GuildId, Millis, type UserId } from "../../domain/Ids.js";
import { changed, row, rows } from "./Repo.js";

export class FlagRepo extends Context.Tag("app/FlagRepo")<
  FlagRepo,
  {
    /** Stores an open flag. `false` where the person has one: nothing was stored. */
    readonly insert: (flag: Flag) => Effect.Effect<boolean>;
    readonly find: (id: FlagId) => Effect.Effect<Option.Option<Flag>>;
    /** The open flag of a person: at most one, by constraint. */
    readonly findOpen: (guildId: GuildId, userId: UserId) => Effect.Effect<Option.Option<Flag>>;
    /** Flags that are open, or closed, the newest first; `from` the last of the page before. */
    readonly page: (
      guildId: GuildId,
      state: "open" | "closed",
      from: { readonly at: Millis; readonly id: FlagId } | null,
      limit: number,
    ) => Effect.Effect<ReadonlyArray<Flag>>;
    /** Closes the open flag. @returns what was closed; none when there was nothing. */
    readonly close: (
      guildId: GuildId,
      userId: UserId,
      by: UserId,
      reason: string | null,
      at: Millis,
    ) => Effect.Effect<Option.Option<Flag>>;
    /** When somebody last flagged anybody here, also where that flag is closed. */
    readonly lastBy: (guildId: GuildId, by: UserId) => Effect.Effect<Option.Option<Millis>>;
    readonly countOpen: (guildId: GuildId) => Effect.Effect<number>;
    /** Remembers when somebody first spoke. `false` where that was known: nothing was stored. */
    readonly firstMessage: (guildId: GuildId, userId: UserId, at: Millis) => Effect.Effect<boolean>;
    /** When the bot first heard anybody in this guild. */
    readonly listensSince: (guildId: GuildId) => Effect.Effect<Option.Option<Millis>>;
  }
>() {}

const Count = Schema.Struct({ count: Schema.Number });
const At = Schema.Struct({ at: Millis });
const encode = Schema.encodeSync(Flag);

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient;
  const one = row(Flag);
  const many = rows(Flag);
  const count = row(Count);
  const moment = row(At);
  const time = Effect.map(Option.map(({ at }: typeof At.Type) => at));
  return FlagRepo.of({
    insert: (flag) =>
      changed(sql`INSERT INTO flag ${sql.insert({ ...encode(flag) })} ON CONFLICT DO NOTHING RETURNING id`),
    find: (id) => one(sql`SELECT * FROM flag WHERE id = ${id}`),
    findOpen: (guildId, userId) =>
      one(sql`SELECT * FROM flag WHERE guild_id = ${guildId} AND user_id = ${userId} AND closed_at IS NULL`),
    page: (guildId, state, from, limit) => {
      const [time, which] =
        state === "open"
          ? [sql.literal("at"), sql.literal("closed_at IS NULL")]
          : [sql.literal("closed_at"), sql.literal("closed_at IS NOT NULL")];
      return many(sql`SELECT * FROM flag WHERE guild_id = ${guildId} AND ${which}
                        ${from === null ? sql`` : sql`AND (${time}, id) < (${from.at}, ${from.id})`}
                      ORDER BY ${time} DESC, id DESC LIMIT ${limit}`);
    },
    close: (guildId, userId, by, reason, at) =>
      one(sql`UPDATE flag SET closed_at = ${at}, closed_by = ${by}, closed_reason = ${reason}
              WHERE guild_id = ${guildId} AND user_id = ${userId} AND closed_at IS NULL RETURNING *`),
    lastBy: (guildId, by) =>
      time(
        moment(sql`SELECT at FROM flag WHERE guild_id = ${guildId} AND flagged_by = ${by} AND kind = 'manual'
                   ORDER BY at DESC LIMIT 1`),
      ),
    countOpen: (guildId) =>
      Effect.map(
        count(sql`SELECT COUNT(*) AS count FROM flag WHERE guild_id = ${guildId} AND closed_at IS NULL`),
        Option.match({ onNone: () => 0, onSome: (found) => found.count }),
      ),
    firstMessage: (guildId, userId, at) =>
      changed(sql`INSERT INTO first_message ${sql.insert({ guildId, userId, at })}
                  ON CONFLICT DO NOTHING RETURNING user_id`),
    listensSince: (guildId) =>
      time(moment(sql`SELECT at FROM first_message WHERE guild_id = ${guildId} ORDER BY at LIMIT 1`)),
  });
});

export const layer = Layer.effect(FlagRepo, make);
