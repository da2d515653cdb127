import * as SqlClient from "@effect/sql/SqlClient";
import { Context, Effect, Layer, type Option, Schema } from "effect";
import type { GuildId, MessageId } from "../../domain/Ids.js";
import { GuildSettings } from "../../domain/Settings.js";
import { remembered, row, rows, run } from "./Repo.js";

export class SettingsRepo extends Context.Tag("app/SettingsRepo")<
  SettingsRepo,
  {
    readonly find: (guildId: GuildId) => Effect.Effect<Option.Option<GuildSettings>>;
    readonly all: Effect.Effect<ReadonlyArray<GuildSettings>>;
    /** The guild whose gate message this is. */
    readonly findByGateMessage: (messageId: MessageId) => Effect.Effect<Option.Option<GuildSettings>>;
    /** Stores what is there now; the version is the caller's to raise. */
    readonly put: (settings: GuildSettings) => Effect.Effect<void>;
    readonly setGateMessage: (guildId: GuildId, messageId: MessageId) => Effect.Effect<void>;
  }
>() {}

const encode = Schema.encodeSync(GuildSettings);

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient;
  const one = remembered(GuildSettings);
  const single = row(GuildSettings);
  const many = rows(GuildSettings);
  return SettingsRepo.of({
    find: (guildId) => one(guildId, sql`SELECT * FROM guild_settings WHERE guild_id = ${guildId}`),
    findByGateMessage: (messageId) =>
      single(sql`SELECT * FROM guild_settings WHERE gate_message_id = ${messageId}`),
    all: many(sql`SELECT * FROM guild_settings`),
    put: (settings) => {
      const columns = { ...encode(settings) };
      return run(sql`INSERT INTO guild_settings ${sql.insert(columns)}
                     ON CONFLICT (guild_id) DO UPDATE SET ${sql.update(columns, ["guildId"])}`);
    },
    setGateMessage: (guildId, messageId) =>
      run(sql`UPDATE guild_settings SET gate_message_id = ${messageId} WHERE guild_id = ${guildId}`),
  });
});

export const layer = Layer.effect(SettingsRepo, make);
