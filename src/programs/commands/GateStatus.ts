import { Effect } from "effect";
import { GateStatus } from "../../services/GateStatus.js";
import { Settings } from "../../services/Settings.js";
import * as Command from "../kit/Command.js";
import { Private } from "../kit/Reply.js";
import { gateConfig, gateStatus as report } from "../views/GateReports.js";

export const gateStatus = Command.subcommand({
  name: "status",
  description: "How many wait, what failed, and whether accepting somebody would work",
  rung: "reviewer",
  options: {},
  handler: ({ guildId }) =>
    Effect.gen(function* () {
      const status = yield* GateStatus;
      return Private(report(yield* status.report(guildId)));
    }),
});

export const gateSettings = Command.subcommand({
  name: "config",
  description: "Every setting, question and text of the gate",
  rung: "admin",
  options: {},
  handler: ({ guildId }) =>
    Effect.gen(function* () {
      const settings = yield* Settings;
      return Private(gateConfig(yield* settings.get(guildId)));
    }),
});
