import { Effect } from "effect";
import { Flags } from "../../services/Flags.js";
import * as Command from "../kit/Command.js";
import { Private } from "../kit/Reply.js";
import { flagsReport } from "../views/SettingsReport.js";

export const configGetFlags = Command.subcommand({
  name: "flags",
  description: "Where flags are told, whether they can, and when a first message raises one",
  rung: "admin",
  options: {},
  handler: ({ guildId }) =>
    Effect.flatMap(Flags, (flags) =>
      Effect.map(flags.facts(guildId), (facts) => Private(flagsReport(facts))),
    ),
});
