import { Effect } from "effect";
import { Backups } from "../../services/Backups.js";
import * as Component from "../kit/Component.js";
import { passwordOf } from "../kit/Password.js";
import { Private } from "../kit/Reply.js";
import { RESTORE_WORD, restoreBegun, RestoreFormId } from "../views/Database.js";

/** With the password, the backup is prepared and the bot restarts into it. */
export const restoreConfirmed = Component.modal(RestoreFormId, {
  rung: "owner",
  answers: "private",
  handler: (input) =>
    Effect.gen(function* () {
      const proof = yield* passwordOf(input, { purpose: "restore a backup", word: RESTORE_WORD });
      const backups = yield* Backups;
      return Private(restoreBegun(yield* backups.restore(input.params.backup, input.actor.id, proof)));
    }),
});
