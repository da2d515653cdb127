import { Clock, Context, Effect, Either, Layer, Option } from "effect";
import type { Details } from "../domain/Action.js";
import { type GuildId, Millis, type UserId } from "../domain/Ids.js";
import {
  asTyped,
  editQuestions,
  keyOfAll,
  QuestionsChanged,
  type QuestionEdits,
  type QuestionsDraft,
  type QuestionsInvalid,
} from "../domain/Questions.js";
import type { Person } from "../domain/Person.js";
import { type GuildNotSetUp, GuildSettings, MAX_QUESTIONS } from "../domain/Settings.js";
import {
  checkTemplate,
  longest,
  render,
  TEMPLATE_MAX,
  TemplateChanged,
  type TemplateDraft,
  type TemplateInvalid,
  type TemplateName,
  type TemplateProblem,
  templateText,
} from "../domain/Template.js";
import { tokenValues } from "../domain/TokenValues.js";
import { Discord } from "../layers/Discord.js";
import { keyOf } from "../domain/Text.js";
import { AuditLog } from "./AuditLog.js";
import { Outbox } from "./Outbox.js";
import { DraftRepo } from "./repos/DraftRepo.js";
import { SettingsRepo } from "./repos/SettingsRepo.js";
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
     * Changes the questions that are named; logged as `config_change` where any is another then. What is refused is kept
     * as a draft.
     * @param seen the key of the questions that were edited; `null` where nobody looked at them first.
     */
    readonly setQuestions: (
      guildId: GuildId,
      by: UserId,
      edits: QuestionEdits,
      seen: string | null,
    ) => Effect.Effect<QuestionsChange, GuildNotSetUp | QuestionsInvalid | QuestionsChanged>;
    /** Makes these the questions, all of them; logged with `asked`. What is refused is kept nowhere. */
    readonly setAllQuestions: (
      guildId: GuildId,
      by: UserId,
      questions: ReadonlyArray<string>,
      asked: Details,
    ) => Effect.Effect<QuestionsChange, GuildNotSetUp | QuestionsInvalid>;
    /** What somebody typed that was refused, if anything. */
    readonly questionsDraft: (guildId: GuildId, by: UserId) => Effect.Effect<Option.Option<QuestionsDraft>>;
    /** What an editor of the questions begins with: `from` a draft where there is one. Reads only by index. */
    readonly editingQuestions: (
      guildId: GuildId,
      by: UserId,
      from: "now" | "draft",
    ) => Effect.Effect<QuestionsDraft, GuildNotSetUp>;
    /** What somebody goes on editing: their draft, else the template as it is. Reads only by index. */
    readonly editing: (
      guildId: GuildId,
      by: UserId,
      template: TemplateName,
    ) => Effect.Effect<TemplateDraft, GuildNotSetUp>;
    /** Keeps what was typed as a draft, good or not, and says what is wrong with it. @returns it as it would be stored. */
    readonly draft: (
      guildId: GuildId,
      by: UserId,
      template: TemplateName,
      typed: TemplateDraft,
    ) => Effect.Effect<string, GuildNotSetUp | TemplateInvalid>;
    /**
     * Makes the draft the template, logged as `config_change`; without a draft nothing changes. Refused once where somebody
     * else changed the template since its author looked; the draft is kept. The gate message is redrawn where it is the one.
     */
    readonly saveDraft: (
      guildId: GuildId,
      by: UserId,
      template: TemplateName,
    ) => Effect.Effect<void, GuildNotSetUp | TemplateInvalid | TemplateChanged>;
    /** Makes this the template; an empty one brings the default back. Logged with `asked`; the gate message is redrawn. */
    readonly setTemplate: (
      guildId: GuildId,
      by: UserId,
      template: TemplateName,
      typed: string,
      asked: Details,
    ) => Effect.Effect<void, GuildNotSetUp | TemplateInvalid>;
    /** A text as it is posted, with `person` as the applicant, and everything that is wrong with it. */
    readonly preview: (
      guildId: GuildId,
      person: Pick<Person, "id" | "username" | "displayName">,
      template: TemplateName,
      typed: string,
    ) => Effect.Effect<TemplatePreview, GuildNotSetUp>;
  }
>() {}

export interface TemplatePreview {
  /** The text as it would be stored. */
  readonly text: string;
  readonly rendered: string;
  readonly problems: ReadonlyArray<TemplateProblem>;
  /** How long it can become with its tokens filled in, and may. */
  readonly length: number;
  readonly max: number;
}

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
  const discord = yield* Discord;
  const audit = yield* AuditLog;
  const drafts = yield* DraftRepo;
  const outbox = yield* Outbox;
  const repo = yield* SettingsRepo;
  const settings = yield* Settings;

  const now = Effect.map(Clock.currentTimeMillis, (at) => Millis.make(at));

  const put = (before: GuildSettings, changes: Partial<GuildSettings>) =>
    Effect.gen(function* () {
      const updatedAt = yield* now;
      const after = GuildSettings.make({ ...before, ...changes, version: before.version + 1, updatedAt });
      yield* repo.put(after);
    });

  const storeQuestions = (
    guild: GuildSettings,
    by: UserId,
    change: QuestionsChange,
    asked: Details,
  ): Effect.Effect<QuestionsChange> =>
    Effect.gen(function* () {
      const { guildId } = guild;
      yield* drafts.removeQuestions(guildId, by);
      const changed = changedQuestions(change);
      if (Object.keys(changed).length === 0) return change;
      yield* put(guild, { questions: change.after });
      yield* audit.record({ guildId, name: "config_change", actor: by, details: { ...asked, ...changed } });
      return change;
    });

  const storeTemplate = (
    guild: GuildSettings,
    by: UserId,
    template: TemplateName,
    text: string,
    asked: Details,
  ) =>
    Effect.gen(function* () {
      const { guildId } = guild;
      const was = guild[`${template}Template`];
      yield* drafts.remove(guildId, by, template);
      if (text === was) return;
      yield* put(guild, { [`${template}Template`]: text });
      yield* audit.record({
        guildId,
        name: "config_change",
        actor: by,
        details: { ...asked, template, text, was },
      });
      if (template !== "gate") return;
      yield* outbox.plan(guildId, null, {
        consequence: { _tag: "GateMessage", channelId: guild.gateChannelId },
      });
    });

  const keepQuestions = (guildId: GuildId, by: UserId, draft: QuestionsDraft) =>
    Effect.flatMap(now, (at) => drafts.putQuestions(guildId, by, draft, at));

  return GateTexts.of({
    setQuestions: (guildId, by, edits, seen) =>
      outbox
        .commit(
          Effect.gen(function* () {
            const guild = yield* settings.get(guildId);
            const before = guild.questions;
            const edited = editQuestions(before, edits);
            // Whoever wants what is there already is in nobody's way.
            const same = Either.isRight(edited) && keyOfAll(edited.right) === keyOfAll(before);
            if (!same && seen !== null && seen !== keyOfAll(before))
              return yield* new QuestionsChanged({ now: before });
            const change = { before, after: yield* edited };
            return yield* storeQuestions(guild, by, change, { command: "gate set-questions" });
          }),
        )
        .pipe(
          Effect.tapErrorTag("QuestionsInvalid", () =>
            Effect.flatMap(settings.get(guildId), ({ questions }) =>
              keepQuestions(guildId, by, {
                texts: asTyped(questions, edits),
                seen: seen ?? keyOfAll(questions),
              }),
            ),
          ),
          // Its author is shown what is there now.
          Effect.tapErrorTag("QuestionsChanged", (error) =>
            keepQuestions(guildId, by, { texts: asTyped(error.now, edits), seen: keyOfAll(error.now) }),
          ),
        ),
    setAllQuestions: (guildId, by, questions, asked) =>
      outbox.commit(
        Effect.gen(function* () {
          const guild = yield* settings.get(guildId);
          const edits = new Map(
            Array.from({ length: MAX_QUESTIONS }, (_, index) => [index + 1, questions[index] ?? null]),
          );
          const after = yield* editQuestions(guild.questions, edits);
          return yield* storeQuestions(guild, by, { before: guild.questions, after }, asked);
        }),
      ),
    setTemplate: (guildId, by, template, typed, asked) =>
      outbox.commit(
        Effect.gen(function* () {
          const guild = yield* settings.get(guildId);
          const text = yield* checkTemplate(template, templateText(template, typed));
          yield* storeTemplate(guild, by, template, text, asked);
        }),
      ),
    preview: (guildId, person, template, typed) =>
      Effect.gen(function* () {
        const guild = yield* settings.get(guildId);
        const facts = yield* discord.guild(guildId);
        const text = templateText(template, typed);
        const values = tokenValues(
          facts ?? { name: "this server", memberCount: 0 },
          guild,
          template === "gate" ? null : person,
          yield* now,
        );
        return {
          text,
          rendered: render(text, values),
          problems: Either.match(checkTemplate(template, text), {
            onLeft: ({ problems }) => problems,
            onRight: () => [],
          }),
          length: longest(text),
          max: TEMPLATE_MAX[template],
        };
      }),
    questionsDraft: drafts.findQuestions,
    editingQuestions: (guildId, by, from) =>
      Effect.gen(function* () {
        const { questions } = yield* settings.get(guildId);
        const draft = from === "draft" ? yield* drafts.findQuestions(guildId, by) : Option.none();
        return Option.getOrElse(draft, () => ({ texts: questions, seen: keyOfAll(questions) }));
      }),
    editing: (guildId, by, template) =>
      Effect.gen(function* () {
        const text = (yield* settings.get(guildId))[`${template}Template`];
        const draft = yield* drafts.find(guildId, by, template);
        return Option.getOrElse(draft, () => ({ text, seen: keyOf(text) }));
      }),
    draft: (guildId, by, template, typed) =>
      Effect.gen(function* () {
        yield* settings.get(guildId);
        const text = templateText(template, typed.text);
        yield* drafts.put(guildId, by, template, { ...typed, text }, yield* now);
        return yield* checkTemplate(template, text);
      }),
    saveDraft: (guildId, by, template) =>
      outbox
        .commit(
          Effect.gen(function* () {
            const guild = yield* settings.get(guildId);
            const draft = yield* drafts.find(guildId, by, template);
            if (Option.isNone(draft)) return;
            const { seen } = draft.value;
            const text = yield* checkTemplate(template, draft.value.text);
            const was = guild[`${template}Template`];
            if (text !== was && seen !== null && seen !== keyOf(was))
              return yield* new TemplateChanged({ template, now: was, draft: text });
            yield* storeTemplate(guild, by, template, text, { command: "gate template" });
          }),
        )
        .pipe(
          // Its author is shown what is there now.
          Effect.tapErrorTag("TemplateChanged", (error) =>
            Effect.flatMap(now, (at) =>
              drafts.put(guildId, by, template, { text: error.draft, seen: keyOf(error.now) }, at),
            ),
          ),
        ),
  });
});

export const layer = Layer.effect(GateTexts, make);
