import { Effect } from "effect";
import { GateTexts } from "../../services/GateTexts.js";
import * as Component from "../kit/Component.js";
import { Update } from "../kit/Reply.js";
import { previewOf } from "../kit/TemplatePreview.js";
import { describe } from "../views/ErrorText.js";
import { templateOvertaken, templateSaved, TemplateSaveId } from "../views/Templates.js";

/** Makes what was previewed the template. */
export const templateSave = Component.button(TemplateSaveId, {
  rung: "admin",
  handler: ({ params: { template }, ...caller }) =>
    Effect.gen(function* () {
      const texts = yield* GateTexts;
      yield* texts.saveDraft(caller.guildId, caller.actor.id, template);
      return Update(templateSaved(template, yield* previewOf(caller, template)));
    }).pipe(
      Effect.catchTag("TemplateChanged", (error) =>
        Effect.succeed(Update(templateOvertaken(template, describe(error), error.now))),
      ),
    ),
});
