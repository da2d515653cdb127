import { Effect } from "effect";
import { Gate } from "../../services/Gate.js";
import * as Component from "../kit/Component.js";
import { Modal } from "../kit/Reply.js";
import { ApplyPageId, form, pagesOf } from "../views/Apply.js";

/** Opens a page of the form: the next one, or the same again to mend an answer. */
export const applyPage = Component.button(ApplyPageId, {
  rung: "everyone",
  opensModal: true,
  handler: ({ guildId, actor, params }) =>
    Effect.gen(function* () {
      const gate = yield* Gate;
      const { questions, draft } = yield* gate.invite(guildId, actor);
      const known =
        Number.isInteger(params.page) && params.page >= 0 && params.page < pagesOf(questions).length;
      return Modal(form(questions, known ? params.page : 0, draft));
    }),
});
