import { Effect, Option } from "effect";
import { BackupRefused, isBackupName } from "../../domain/Backup.js";
import { Backups } from "../../services/Backups.js";
import * as Command from "../kit/Command.js";
import * as Options from "../kit/Options.js";
import { Private } from "../kit/Reply.js";
import { backupChoice, backupList, rehearsalReport } from "../views/Database.js";

const backupNames: Options.Autocomplete<Backups> = (typed) =>
  Effect.flatMap(Backups, (backups) => backups.list).pipe(
    Effect.map((all) =>
      all.map(backupChoice).filter(({ name, value }) => `${name} ${value}`.includes(typed.trim())),
    ),
    Effect.catchTag("BackupFailed", () => Effect.succeed([])),
  );

/** Lists backups, or reads one and tries it; the button of that answer asks for the password. */
export const databaseRecover = Command.subcommand({
  name: "recover",
  description: "List backups, try one on a copy, and go back to it",
  rung: "owner",
  options: {
    backup: Options.optional(
      Options.string({ description: "Which backup to try", maxLength: 100, autocomplete: backupNames }),
    ),
  },
  handler: ({ options: { backup } }) =>
    Effect.gen(function* () {
      const backups = yield* Backups;
      if (Option.isNone(backup)) return Private(backupList(yield* backups.list));
      const name = backup.value;
      if (!isBackupName(name)) {
        return yield* new BackupRefused({ file: "That", problem: "it is not the name of a backup" });
      }
      return Private(rehearsalReport(name, yield* backups.rehearse(name)));
    }),
});
