import { ALL_SETTINGS, cleared } from "../../domain/SettingsTable.js";
import * as Command from "../kit/Command.js";
import * as Options from "../kit/Options.js";
import { save } from "./save.js";

const CLEARABLE = ALL_SETTINGS.flatMap(([name, setting]) => {
  const patch = cleared(setting);
  return patch === null ? [] : [{ name, label: setting.label, patch }];
});

export const configClear = Command.subcommand({
  name: "clear",
  description: "Leave a setting without a value",
  rung: "admin",
  options: {
    setting: Options.choice({
      description: "Which one",
      choices: Object.fromEntries(CLEARABLE.map(({ name, label }) => [name, label])),
    }),
  },
  handler: ({ options, guildId, actor }) =>
    save(
      guildId,
      actor.id,
      CLEARABLE.find(({ name }) => name === options.setting)?.patch ?? {},
      "config clear",
    ),
});
