import { Effect } from "effect";
import { Applications } from "../../services/Applications.js";
import * as Component from "../kit/Component.js";
import { Modal } from "../kit/Reply.js";
import { reasonForm } from "../views/ReasonForm.js";
import { RefuseId } from "../views/CardButtons.js";

/** Reject, Perm Reject and Kick: asks for the reason, if this moderator may decide at all. */
export const refuse = Component.button(RefuseId, {
  rung: "reviewer",
  opensModal: true,
  handler: ({ guildId, actor, params: { kind, application: id } }) =>
    Effect.gen(function* () {
      const applications = yield* Applications;
      const application = yield* applications.mayDecide(guildId, { _tag: "Id", id }, actor.id, kind);
      return Modal(reasonForm(kind, application));
    }),
});
