import { Effect } from "effect";
import * as Component from "../kit/Component.js";
import { Modal } from "../kit/Reply.js";
import { restoreForm, RestoreId } from "../views/Database.js";

/** Asks for the password. */
export const restore = Component.button(RestoreId, {
  rung: "owner",
  opensModal: true,
  handler: ({ params: { backup } }) => Effect.succeed(Modal(restoreForm(backup))),
});
