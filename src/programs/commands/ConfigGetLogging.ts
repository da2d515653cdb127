import { Effect, Option } from "effect";
import { LogChannel } from "../../services/LogChannel.js";
import * as Command from "../kit/Command.js";
import { Private } from "../kit/Reply.js";
import { loggingReport } from "../views/SettingsReport.js";

export const configGetLogging = Command.subcommand({
  name: "logging",
  description: "Where the log goes, and whether it can",
  rung: "admin",
  options: {},
  handler: ({ guildId }) =>
    Effect.gen(function* () {
      const channel = yield* LogChannel;
      return Private(loggingReport(Option.getOrNull(yield* channel.health(guildId))));
    }),
});
