import { Effect } from "effect";
import { GateTexts } from "../../services/GateTexts.js";
import * as Component from "../kit/Component.js";
import { Modal } from "../kit/Reply.js";
import { TemplateEditId, templateForm } from "../views/Templates.js";

/** Opens the form again, with what was typed last. */
export const templateEdit = Component.button(TemplateEditId, {
  rung: "admin",
  opensModal: true,
  handler: ({ guildId, actor, params: { template } }) =>
    Effect.gen(function* () {
      const texts = yield* GateTexts;
      return Modal(templateForm(template, yield* texts.editing(guildId, actor.id, template)));
    }),
});
