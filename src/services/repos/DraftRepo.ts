import * as SqlClient from "@effect/sql/SqlClient";
import { Context, Effect, Layer, type Option, Schema } from "effect";
import type { GuildId, Millis, UserId } from "../../domain/Ids.js";
import { QuestionsDraft } from "../../domain/Questions.js";
import type { TemplateDraft, TemplateName } from "../../domain/Template.js";
import { row, run } from "./Repo.js";

const OfTemplate = Schema.Struct({ text: Schema.String, seen: Schema.NullOr(Schema.String) });

/** Texts that are being written: one for each person and template, and one of the questions, until they are saved. */
export class DraftRepo extends Context.Tag("app/DraftRepo")<
  DraftRepo,
  {
    readonly find: (
      guildId: GuildId,
      userId: UserId,
      template: TemplateName,
    ) => Effect.Effect<Option.Option<TemplateDraft>>;
    readonly put: (
      guildId: GuildId,
      userId: UserId,
      template: TemplateName,
      draft: TemplateDraft,
      at: Millis,
    ) => Effect.Effect<void>;
    readonly remove: (guildId: GuildId, userId: UserId, template: TemplateName) => Effect.Effect<void>;
    readonly findQuestions: (
      guildId: GuildId,
      userId: UserId,
    ) => Effect.Effect<Option.Option<QuestionsDraft>>;
    readonly putQuestions: (
      guildId: GuildId,
      userId: UserId,
      draft: QuestionsDraft,
      at: Millis,
    ) => Effect.Effect<void>;
    readonly removeQuestions: (guildId: GuildId, userId: UserId) => Effect.Effect<void>;
  }
>() {}

const encode = Schema.encodeSync(QuestionsDraft);

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient;
  const ofTemplate = row(OfTemplate);
  const ofQuestions = row(QuestionsDraft);
  return DraftRepo.of({
    find: (guildId, userId, template) =>
      ofTemplate(sql`SELECT text, seen FROM template_draft
                     WHERE guild_id = ${guildId} AND user_id = ${userId} AND template = ${template}`),
    put: (guildId, userId, template, { text, seen }, at) =>
      run(sql`INSERT INTO template_draft ${sql.insert({ guildId, userId, template, text, seen, updatedAt: at })}
              ON CONFLICT (guild_id, user_id, template)
              DO UPDATE SET text = ${text}, seen = ${seen}, updated_at = ${at}`),
    remove: (guildId, userId, template) =>
      run(sql`DELETE FROM template_draft
              WHERE guild_id = ${guildId} AND user_id = ${userId} AND template = ${template}`),
    findQuestions: (guildId, userId) =>
      ofQuestions(sql`SELECT texts, seen FROM question_draft
                      WHERE guild_id = ${guildId} AND user_id = ${userId}`),
    putQuestions: (guildId, userId, draft, at) => {
      const { texts, seen } = encode(draft);
      return run(sql`INSERT INTO question_draft ${sql.insert({ guildId, userId, texts, seen, updatedAt: at })}
                     ON CONFLICT (guild_id, user_id)
                     DO UPDATE SET texts = ${texts}, seen = ${seen}, updated_at = ${at}`);
    },
    removeQuestions: (guildId, userId) =>
      run(sql`DELETE FROM question_draft WHERE guild_id = ${guildId} AND user_id = ${userId}`),
  });
});

export const layer = Layer.effect(DraftRepo, make);
