import { HttpApiBuilder } from "@effect/platform";
import { Effect } from "effect";
import { type GuildSettings, MAX_QUESTION_LENGTH, MAX_QUESTIONS } from "../../domain/Settings.js";
import { describeSettings, patchOf } from "../../domain/SettingValues.js";
import { DEFAULT_TEMPLATES, TEMPLATE_MAX, TEMPLATE_NAMES, TOKENS } from "../../domain/Template.js";
import { GateTexts } from "../../services/GateTexts.js";
import { Passwords } from "../../services/Passwords.js";
import { Settings } from "../../services/Settings.js";
import { SettingsEdits } from "../../services/SettingsEdits.js";
import { ConfigChanged, GuildConfig, Preview } from "../api/Config.js";
import { CurrentAdmin } from "../api/Guards.js";
import { Api } from "../api/index.js";

const shown = (settings: GuildSettings) =>
  GuildConfig.make({
    version: settings.version,
    updatedAt: settings.updatedAt,
    settings: describeSettings(settings),
    questions: { texts: settings.questions, most: MAX_QUESTIONS, longest: MAX_QUESTION_LENGTH },
    templates: TEMPLATE_NAMES.map((template) => ({
      template,
      text: settings[`${template}Template`],
      default: DEFAULT_TEMPLATES[template],
      longest: TEMPLATE_MAX[template],
    })),
    tokens: TOKENS,
  });

export const configHandlers = HttpApiBuilder.group(Api, "config", (handlers) =>
  Effect.gen(function* () {
    const edits = yield* SettingsEdits;
    const passwords = yield* Passwords;
    const settings = yield* Settings;
    const texts = yield* GateTexts;

    return handlers
      .handle("config", () =>
        Effect.gen(function* () {
          const { guildId } = yield* CurrentAdmin;
          return shown(yield* settings.get(guildId));
        }),
      )
      .handle("change", ({ payload: { password, version, settings: values = {}, ...rest } }) =>
        Effect.gen(function* () {
          const { guildId, session } = yield* CurrentAdmin;
          const by = session.userId;
          const seen = { guildId, version };
          const proof = yield* passwords.check({
            guildId,
            by,
            typed: password,
            purpose: "settings",
            via: "web",
          });
          const edit = { ...rest, settings: patchOf(values) };
          const { after } = yield* edits.change(seen, by, edit, proof);
          return shown(after);
        }).pipe(
          Effect.catchTag("SettingsChanged", ({ now }) =>
            Effect.flatMap(edits.since({ guildId: now.guildId, version }, now), (rows) =>
              Effect.fail(
                new ConfigChanged({
                  version: now.version,
                  meanwhile: rows.map(({ actor, at, details }) => ({
                    by: actor,
                    at,
                    details: details ?? {},
                  })),
                }),
              ),
            ),
          ),
        ),
      )
      .handle("preview", ({ payload: { template, text } }) =>
        Effect.gen(function* () {
          const { guildId, session } = yield* CurrentAdmin;
          const { userId: id, username, displayName } = session;
          return Preview.make(yield* texts.preview(guildId, { id, username, displayName }, template, text));
        }),
      );
  }),
);
