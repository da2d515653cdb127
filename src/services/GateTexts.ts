import { Clock, Context, Effect, Layer, Option } from "effect";
import { type GuildId, Millis, type UserId } from "../domain/Ids.js";
import {
  editQuestions,
  keyOfAll,
  QuestionsChanged,
  type QuestionEdits,
  type QuestionsInvalid,
} from "../domain/Questions.js";
import { type GuildNotSetUp, GuildSettings } from "../domain/Settings.js";
import { checkTemplate, type TemplateInvalid, type TemplateName, templateText } from "../domain/Template.js";
import { AuditLog } from "./AuditLog.js";
import { Outbox } from "./Outbox.js";
import { SettingsRepo } from "./repos/SettingsRepo.js";
import { TemplateDraftRepo } from "./repos/TemplateDraftRepo.js";
import { Settings } from "./Settings.js";

/** Questions as they were and as they are. */
export interface QuestionsChange {
  readonly before: ReadonlyArray<string>;
  readonly after: ReadonlyArray<string>;
}

/** What a guild's gate asks and says (features.md F4, F8). */
export class GateTexts extends Context.Tag("app/GateTexts")<
  GateTexts,
  {
    /**
     * Changes the questions that are named; logged as `config_change` where any is another then.
     * @param seen the key of the questions that were edited; `null` where nobody looked at them first.
     */
    readonly setQuestions: (
      guildId: GuildId,
      by: UserId,
      edits: QuestionEdits,
      seen: string | null,
    ) => Effect.Effect<QuestionsChange, GuildNotSetUp | QuestionsInvalid | QuestionsChanged>;
    /** What somebody goes on editing: their draft, else the template as it is. Reads only by index. */
    readonly editing: (
      guildId: GuildId,
      by: UserId,
      template: TemplateName,
    ) => Effect.Effect<string, GuildNotSetUp>;
    /** Keeps what was typed as a draft, good or not, and says what is wrong with it. @returns it as it would be stored. */
    readonly draft: (
      guildId: GuildId,
      by: UserId,
      template: TemplateName,
      typed: string,
    ) => Effect.Effect<string, GuildNotSetUp | TemplateInvalid>;
    /**
     * Makes the draft the template, logged as `config_change`; without a draft nothing changes. The gate message is
     * redrawn where it is the one.
     */
    readonly saveDraft: (
      guildId: GuildId,
      by: UserId,
      template: TemplateName,
    ) => Effect.Effect<void, GuildNotSetUp | TemplateInvalid>;
  }
>() {}

/** What the log says of questions that changed. */
const changedQuestions = ({ before, after }: QuestionsChange) =>
  Object.fromEntries(
    Array.from({ length: Math.max(before.length, after.length) }, (_, index) => index).flatMap((index) =>
      before[index] === after[index]
        ? []
        : [
            [`q${index + 1}`, after[index] ?? null],
            [`q${index + 1}_was`, before[index] ?? null],
          ],
    ),
  );

const make = Effect.gen(function* () {
  const audit = yield* AuditLog;
  const drafts = yield* TemplateDraftRepo;
  const outbox = yield* Outbox;
  const repo = yield* SettingsRepo;
  const settings = yield* Settings;

  const put = (before: GuildSettings, changes: Partial<GuildSettings>) =>
    Effect.gen(function* () {
      const updatedAt = Millis.make(yield* Clock.currentTimeMillis);
      const after = GuildSettings.make({ ...before, ...changes, version: before.version + 1, updatedAt });
      yield* repo.put(after);
    });

  return GateTexts.of({
    setQuestions: (guildId, by, edits, seen) =>
      outbox.commit(
        Effect.gen(function* () {
          const guild = yield* settings.get(guildId);
          const before = guild.questions;
          if (seen !== null && seen !== keyOfAll(before)) return yield* new QuestionsChanged();
          const change = { before, after: yield* editQuestions(before, edits) };
          const changed = changedQuestions(change);
          if (Object.keys(changed).length === 0) return change;
          yield* put(guild, { questions: change.after });
          yield* audit.record({
            guildId,
            name: "config_change",
            actor: by,
            details: { command: "gate set-questions", ...changed },
          });
          return change;
        }),
      ),
    editing: (guildId, by, template) =>
      Effect.gen(function* () {
        const guild = yield* settings.get(guildId);
        const draft = yield* drafts.find(guildId, by, template);
        return Option.getOrElse(draft, () => guild[`${template}Template`]);
      }),
    draft: (guildId, by, template, typed) =>
      Effect.gen(function* () {
        yield* settings.get(guildId);
        const text = templateText(template, typed);
        yield* drafts.put(guildId, by, template, text, Millis.make(yield* Clock.currentTimeMillis));
        return yield* checkTemplate(template, text);
      }),
    saveDraft: (guildId, by, template) =>
      outbox.commit(
        Effect.gen(function* () {
          const guild = yield* settings.get(guildId);
          const draft = yield* drafts.find(guildId, by, template);
          if (Option.isNone(draft)) return;
          const text = yield* checkTemplate(template, draft.value);
          yield* drafts.remove(guildId, by, template);
          const was = guild[`${template}Template`];
          if (text === was) return;
          yield* put(guild, { [`${template}Template`]: text });
          yield* audit.record({
            guildId,
            name: "config_change",
            actor: by,
            details: { command: "gate template", template, text, was },
          });
          if (template !== "gate") return;
          yield* outbox.plan(guildId, null, {
            consequence: { _tag: "GateMessage", channelId: guild.gateChannelId },
          });
        }),
      ),
  });
});

export const layer = Layer.effect(GateTexts, make);
