import * as SqlClient from "@effect/sql/SqlClient";
import { Context, Effect, Layer, Option, Schema } from "effect";
import type { GuildId, Millis, UserId } from "../../domain/Ids.js";
import type { TemplateName } from "../../domain/Template.js";
import { row, run } from "./Repo.js";

const Draft = Schema.Struct({ text: Schema.String });

/** Templates that are being written: one for each person and template, until it is saved. */
export class TemplateDraftRepo extends Context.Tag("app/TemplateDraftRepo")<
  TemplateDraftRepo,
  {
    readonly find: (
      guildId: GuildId,
      userId: UserId,
      template: TemplateName,
    ) => Effect.Effect<Option.Option<string>>;
    readonly put: (
      guildId: GuildId,
      userId: UserId,
      template: TemplateName,
      text: string,
      at: Millis,
    ) => Effect.Effect<void>;
    readonly remove: (guildId: GuildId, userId: UserId, template: TemplateName) => Effect.Effect<void>;
  }
>() {}

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient;
  const one = row(Draft);
  return TemplateDraftRepo.of({
    find: (guildId, userId, template) =>
      Effect.map(
        one(sql`SELECT text FROM template_draft
                WHERE guild_id = ${guildId} AND user_id = ${userId} AND template = ${template}`),
        Option.map(({ text }) => text),
      ),
    put: (guildId, userId, template, text, at) =>
      run(sql`INSERT INTO template_draft ${sql.insert({ guildId, userId, template, text, updatedAt: at })}
              ON CONFLICT (guild_id, user_id, template) DO UPDATE SET text = ${text}, updated_at = ${at}`),
    remove: (guildId, userId, template) =>
      run(sql`DELETE FROM template_draft
              WHERE guild_id = ${guildId} AND user_id = ${userId} AND template = ${template}`),
  });
});

export const layer = Layer.effect(TemplateDraftRepo, make);
