import { Effect } from "effect";
import { Preflight } from "../../services/Preflight.js";
import { Settings } from "../../services/Settings.js";
import * as Command from "../kit/Command.js";
import { Private } from "../kit/Reply.js";
import { settingsOverview } from "../views/SettingsReport.js";

export const configView = Command.subcommand({
  name: "view",
  description: "All settings, and whether they work",
  rung: "admin",
  options: {},
  handler: ({ guildId }) =>
    Effect.gen(function* () {
      const preflight = yield* Preflight;
      const settings = yield* Effect.flatMap(Settings, (all) => all.get(guildId));
      return Private(settingsOverview(settings, yield* preflight.check(guildId, settings)));
    }),
});
