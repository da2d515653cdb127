import * as SqlClient from "@effect/sql/SqlClient";
import { Context, Effect, Layer, type Option, Schema } from "effect";
import { ApplicationId, type GuildId, Millis, type UserId } from "../../domain/Ids.js";
import { row, run } from "./Repo.js";

const Block = Schema.Struct({ applicationId: ApplicationId, createdAt: Millis });
export type Block = typeof Block.Type;

/** People who may not apply here again: permanently rejected or kicked, until unblocked. */
export class BlockRepo extends Context.Tag("app/BlockRepo")<
  BlockRepo,
  {
    readonly find: (guildId: GuildId, userId: UserId) => Effect.Effect<Option.Option<Block>>;
    readonly put: (
      guildId: GuildId,
      userId: UserId,
      applicationId: ApplicationId,
      at: Millis,
    ) => Effect.Effect<void>;
    /** @returns what was removed; none when there was nothing. */
    readonly remove: (guildId: GuildId, userId: UserId) => Effect.Effect<Option.Option<Block>>;
  }
>() {}

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient;
  const one = row(Block);
  return BlockRepo.of({
    find: (guildId, userId) =>
      one(
        sql`SELECT application_id, created_at FROM block WHERE guild_id = ${guildId} AND user_id = ${userId}`,
      ),
    put: (guildId, userId, applicationId, at) =>
      run(sql`INSERT INTO block ${sql.insert({ guildId, userId, applicationId, createdAt: at })}
              ON CONFLICT (guild_id, user_id) DO UPDATE SET application_id = ${applicationId}, created_at = ${at}`),
    remove: (guildId, userId) =>
      one(sql`DELETE FROM block WHERE guild_id = ${guildId} AND user_id = ${userId}
              RETURNING application_id, created_at`),
  });
});

export const layer = Layer.effect(BlockRepo, make);
