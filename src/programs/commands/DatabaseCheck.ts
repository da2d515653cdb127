import { Effect } from "effect";
import { Backups } from "../../services/Backups.js";
import * as Command from "../kit/Command.js";
import { Private } from "../kit/Reply.js";
import { databaseReport } from "../views/Database.js";

export const databaseCheck = Command.subcommand({
  name: "check",
  description: "Read the whole database: is it sound, is the log whole, how big, when was it last backed up",
  rung: "admin",
  options: {},
  handler: ({ guildId }) =>
    Effect.gen(function* () {
      const backups = yield* Backups;
      return Private(databaseReport(yield* backups.check, guildId));
    }),
});
