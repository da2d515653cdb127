import { Effect } from "effect";
import { PanicPurge } from "../../services/PanicPurge.js";
import * as Component from "../kit/Component.js";
import { Modal } from "../kit/Reply.js";
import { PurgeButtonId, purgeForm } from "../views/PanicPurge.js";

/** Asks for the password. */
export const panicPurge = Component.button(PurgeButtonId, {
  rung: "admin",
  opensModal: true,
  handler: ({ guildId, params }) =>
    Effect.gen(function* () {
      const purges = yield* PanicPurge;
      const { purge, people } = yield* purges.confirmable(guildId, params.purge);
      return Modal(purgeForm(purge.id, people, purge.minutes));
    }),
});
