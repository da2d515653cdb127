import { Effect } from "effect";
import type { GuildId, UserId } from "../../domain/Ids.js";
import type { SettingsPatch } from "../../domain/Settings.js";
import { Preflight } from "../../services/Preflight.js";
import { Settings } from "../../services/Settings.js";
import { Private } from "../kit/Reply.js";
import { settingsOvertaken, settingsRefused, settingsSaved } from "../views/SettingsReport.js";
import { findingLines } from "../views/SetupReport.js";

/** Looks at the new values first, saves them all or none, and says what was there before. */
export const save = (guildId: GuildId, by: UserId, patch: SettingsPatch, command: string) =>
  Effect.gen(function* () {
    const preflight = yield* Preflight;
    const settings = yield* Settings;
    const seen = yield* settings.get(guildId);
    const wrong = (yield* preflight.checkValues(guildId, patch)).filter(({ problem }) => problem !== null);
    if (wrong.length > 0) return Private(settingsRefused(findingLines(wrong)));
    return yield* settings.change(seen, by, patch, command).pipe(
      Effect.map(({ before, after }) => Private(settingsSaved(before, after))),
      Effect.catchTag("SettingsChanged", ({ now }) =>
        Effect.succeed(Private(settingsOvertaken(seen, now, patch))),
      ),
    );
  });
