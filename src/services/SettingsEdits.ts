import { Context, Effect, Layer, Option } from "effect";
import type { Action, Details } from "../domain/Action.js";
import { SettingsRefused } from "../domain/Finding.js";
import type { GuildId, UserId } from "../domain/Ids.js";
import type { QuestionsInvalid } from "../domain/Questions.js";
import type { GuildNotSetUp, GuildSettings, SettingsChanged, SettingsPatch } from "../domain/Settings.js";
import type { TemplateInvalid, TemplateTexts } from "../domain/Template.js";
import { GateTexts } from "./GateTexts.js";
import { Outbox } from "./Outbox.js";
import { Preflight } from "./Preflight.js";
import { ActionRepo } from "./repos/ActionRepo.js";
import { Settings, type SettingsChange } from "./Settings.js";

/** What somebody wants to be different. */
export interface SettingsEdit {
  readonly settings?: SettingsPatch;
  readonly templates?: TemplateTexts | undefined;
  /** All of them, in their order. */
  readonly questions?: ReadonlyArray<string> | undefined;
}

/** Changes of what a guild has set (features.md F3, F4, F8), from wherever they come: looked at first, then all or nothing. */
export class SettingsEdits extends Context.Tag("app/SettingsEdits")<
  SettingsEdits,
  {
    /**
     * Looks at the channels and roles that are named, and saves everything in one transaction, if nobody has changed
     * anything since `seen`. Logged as `config_change` for the settings, for each text and for the questions.
     * @param asked what those rows say of where the change was asked for.
     */
    readonly change: (
      seen: Pick<GuildSettings, "guildId" | "version">,
      by: UserId,
      edit: SettingsEdit,
      asked: Details,
    ) => Effect.Effect<
      SettingsChange,
      GuildNotSetUp | SettingsRefused | SettingsChanged | QuestionsInvalid | TemplateInvalid
    >;
    /** The rows of the log that tell how the settings became others since a version, newest first; the last 100 at most. */
    readonly since: (
      seen: Pick<GuildSettings, "guildId" | "version">,
      now: GuildSettings,
    ) => Effect.Effect<ReadonlyArray<Action>>;
  }
>() {}

const ROWS_SHOWN = 100;

const make = Effect.gen(function* () {
  const actions = yield* ActionRepo;
  const outbox = yield* Outbox;
  const preflight = yield* Preflight;
  const settings = yield* Settings;
  const texts = yield* GateTexts;

  const refuseUnusable = (guildId: GuildId, patch: SettingsPatch) =>
    Effect.flatMap(preflight.checkValues(guildId, patch), (findings) => {
      const wrong = findings.filter(({ problem }) => problem !== null);
      return wrong.length === 0 ? Effect.void : new SettingsRefused({ findings: wrong });
    });

  return SettingsEdits.of({
    change: (seen, by, { settings: patch = {}, templates = [], questions }, asked) =>
      Effect.gen(function* () {
        const { guildId } = seen;
        yield* settings.get(guildId);
        yield* refuseUnusable(guildId, patch);
        return yield* outbox.commit(
          Effect.gen(function* () {
            const { before } = yield* settings.change(seen, by, patch, asked);
            if (questions !== undefined) yield* texts.setAllQuestions(guildId, by, questions, asked);
            for (const { template, text } of templates)
              yield* texts.setTemplate(guildId, by, template, text, asked);
            return { before, after: yield* settings.get(guildId) };
          }),
        );
      }),
    since: ({ guildId, version }, now) =>
      Effect.gen(function* () {
        const end = Option.getOrUndefined(yield* actions.last(guildId));
        const count = Math.min(now.version - version, ROWS_SHOWN);
        return end === undefined || count <= 0 ? [] : yield* actions.settingsRows(guildId, end.seq, count);
      }),
  });
});

export const layer = Layer.effect(SettingsEdits, make);
