import * as SqlClient from "@effect/sql/SqlClient";
import { Context, Effect, Layer, Option, Schema } from "effect";
import type { ChannelId, GuildId, MessageId, Millis } from "../../domain/Ids.js";
import { Panic } from "../../domain/Raid.js";
import { changed, remembered, row, run } from "./Repo.js";

export class RaidRepo extends Context.Tag("app/RaidRepo")<
  RaidRepo,
  {
    readonly find: (guildId: GuildId) => Effect.Effect<Option.Option<Panic>>;
    /** Switches, if it is not so already: compare-and-set. A new panic begins without a digest. */
    readonly switchTo: (
      guildId: GuildId,
      isOn: boolean,
      actor: Panic["actor"],
      at: Millis,
    ) => Effect.Effect<boolean>;
    readonly setDigest: (guildId: GuildId, channelId: ChannelId, messageId: MessageId) => Effect.Effect<void>;
    /** Joins since a moment, by the log; without those that were made up for later. */
    readonly joinsSince: (guildId: GuildId, since: Millis) => Effect.Effect<number>;
    readonly lastOfWave: (guildId: GuildId) => Effect.Effect<number | null>;
    readonly waveGoesOn: (guildId: GuildId, at: Millis) => Effect.Effect<void>;
    /** Whether a redraw of the digest waits already. */
    readonly digestWaits: (guildId: GuildId, except: ReadonlyArray<string>) => Effect.Effect<boolean>;
  }
>() {}

const Count = Schema.Struct({ count: Schema.Number });
const Last = Schema.Struct({ lastJoinAt: Schema.Number });

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient;
  const panic = remembered(Panic);
  const count = row(Count);
  const last = row(Last);

  return RaidRepo.of({
    find: (guildId) => panic(guildId, sql`SELECT * FROM panic WHERE guild_id = ${guildId}`),
    switchTo: (guildId, isOn, actor, at) =>
      isOn
        ? changed(sql`INSERT INTO panic ${sql.insert({ guildId, isOn: 1, since: at, actor })}
                      ON CONFLICT (guild_id) DO UPDATE SET
                        is_on = 1, since = ${at}, actor = ${actor},
                        digest_channel_id = NULL, digest_message_id = NULL
                      WHERE panic.is_on = 0 RETURNING guild_id`)
        : changed(sql`UPDATE panic SET is_on = 0, since = ${at}, actor = ${actor}
                      WHERE guild_id = ${guildId} AND is_on = 1 RETURNING guild_id`),
    setDigest: (guildId, channelId, messageId) =>
      run(sql`UPDATE panic SET digest_channel_id = ${channelId}, digest_message_id = ${messageId}
              WHERE guild_id = ${guildId}`),
    joinsSince: (guildId, since) =>
      Effect.map(
        count(sql`SELECT COUNT(*) AS count FROM action_log
                  WHERE guild_id = ${guildId} AND name = 'member_join' AND reason IS NULL AND at > ${since}`),
        Option.match({ onNone: () => 0, onSome: (found) => found.count }),
      ),
    lastOfWave: (guildId) =>
      Effect.map(
        last(sql`SELECT last_join_at FROM join_wave WHERE guild_id = ${guildId}`),
        Option.match({ onNone: () => null, onSome: ({ lastJoinAt }) => lastJoinAt }),
      ),
    waveGoesOn: (guildId, at) =>
      run(sql`INSERT INTO join_wave ${sql.insert({ guildId, lastJoinAt: at })}
              ON CONFLICT (guild_id) DO UPDATE SET last_join_at = ${at}`),
    digestWaits: (guildId, except) =>
      Effect.map(
        count(sql`SELECT COUNT(*) AS count FROM side_effect
                  WHERE guild_id = ${guildId} AND kind = 'DrawDigest' AND state = 'waiting'
                    ${except.length === 0 ? sql`` : sql`AND NOT ${sql.in("id", except)}`}`),
        Option.exists((found) => found.count > 0),
      ),
  });
});

export const layer = Layer.effect(RaidRepo, make);
