import { Effect } from "effect";
import { GateTexts } from "../../services/GateTexts.js";
import * as Component from "../kit/Component.js";
import { Private } from "../kit/Reply.js";
import { previewOf } from "../kit/TemplatePreview.js";
import { describe } from "../views/ErrorText.js";
import { TEMPLATE_FIELD, templateDraft, TemplateId, templateRefused } from "../views/Templates.js";

/** The text of a template comes in: it is kept, and shown as it would look before anything changes. */
export const templateForm = Component.modal(TemplateId, {
  rung: "admin",
  answers: "private",
  handler: ({ params: { template, seen }, interaction, ...caller }) =>
    Effect.gen(function* () {
      const texts = yield* GateTexts;
      const typed = { text: interaction.fields.get(TEMPLATE_FIELD) ?? "", seen: seen === "" ? null : seen };
      const text = yield* texts.draft(caller.guildId, caller.actor.id, template, typed);
      return Private(templateDraft(template, yield* previewOf(caller, template, text)));
    }).pipe(
      Effect.catchTag("TemplateInvalid", (error) =>
        Effect.succeed(Private(templateRefused(template, describe(error)))),
      ),
    ),
});
