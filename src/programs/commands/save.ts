import { Effect } from "effect";
import type { GuildId, UserId } from "../../domain/Ids.js";
import type { SettingsPatch } from "../../domain/Settings.js";
import { Settings } from "../../services/Settings.js";
import { SettingsEdits } from "../../services/SettingsEdits.js";
import { Private } from "../kit/Reply.js";
import { settingsOvertaken, settingsRefused, settingsSaved } from "../views/SettingsReport.js";
import { findingLines } from "../views/SetupReport.js";

/** Saves all of a change or nothing, and says what was there before. */
export const save = (guildId: GuildId, by: UserId, patch: SettingsPatch, command: string) =>
  Effect.gen(function* () {
    const edits = yield* SettingsEdits;
    const seen = yield* Effect.flatMap(Settings, (settings) => settings.get(guildId));
    return yield* edits.change(seen, by, { settings: patch }, { command }).pipe(
      Effect.map(({ before, after }) => Private(settingsSaved(before, after))),
      Effect.catchTags({
        SettingsRefused: ({ findings }) => Effect.succeed(Private(settingsRefused(findingLines(findings)))),
        SettingsChanged: ({ now }) => Effect.succeed(Private(settingsOvertaken(seen, now, patch))),
      }),
    );
  });
