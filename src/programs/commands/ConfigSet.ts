import { Effect, Either, Option } from "effect";
import type { SettingsPatch } from "../../domain/Settings.js";
import { ALL_SETTINGS } from "../../domain/SettingsTable.js";
import * as Command from "../kit/Command.js";
import * as Options from "../kit/Options.js";
import { Private } from "../kit/Reply.js";
import { settingOption, type Wanted } from "../kit/SettingOption.js";
import { NO_SETTINGS, settingsRefused } from "../views/SettingsReport.js";
import { save } from "./save.js";

const options: Readonly<Record<string, Options.CommandOption<Option.Option<Wanted>>>> = Object.fromEntries(
  ALL_SETTINGS.map(([name, setting]) => [name, Options.optional(settingOption(setting))]),
);

export const configSet = Command.subcommand({
  name: "set",
  description: "Change one setting or several at once",
  rung: "admin",
  options,
  handler: ({ options: chosen, guildId, actor }) =>
    Effect.gen(function* () {
      const wanted = Object.values(chosen).flatMap(Option.toArray);
      if (wanted.length === 0) return Private(NO_SETTINGS);
      const wrong = wanted.flatMap((one) => (Either.isLeft(one) ? [`❌ ${one.left}`] : []));
      if (wrong.length > 0) return Private(settingsRefused(wrong));
      const patch = wanted.reduce<SettingsPatch>(
        (all, one) => ({ ...all, ...Either.getOrElse(one, () => ({})) }),
        {},
      );
      return yield* save(guildId, actor.id, patch, "config set");
    }),
});
