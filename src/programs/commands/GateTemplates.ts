import { Effect } from "effect";
import type { TemplateName } from "../../domain/Template.js";
import { GateTexts } from "../../services/GateTexts.js";
import * as Command from "../kit/Command.js";
import type { Caller } from "../kit/Handler.js";
import * as Options from "../kit/Options.js";
import { Modal, Private } from "../kit/Reply.js";
import { previewOf } from "../kit/TemplatePreview.js";
import { TEMPLATE_WORDS, templateForm } from "../views/Templates.js";

const which = Options.choice({ description: "Which text", choices: TEMPLATE_WORDS });

const edit = ({ guildId, actor }: Caller, template: TemplateName) =>
  Effect.gen(function* () {
    const texts = yield* GateTexts;
    return Modal(templateForm(template, yield* texts.editing(guildId, actor.id, template)));
  });

export const gateTemplateEdit = Command.subcommand({
  name: "edit",
  description: "Change a text, and see how it will look before it is saved",
  rung: "admin",
  opensModal: true,
  options: { which },
  handler: ({ options, ...caller }) => edit(caller, options.which),
});

export const gateTemplatePreview = Command.subcommand({
  name: "preview",
  description: "See a text as it is posted, with you as the applicant",
  rung: "admin",
  options: { which },
  handler: ({ options, ...caller }) => Effect.map(previewOf(caller, options.which), (seen) => Private(seen)),
});

export const gateWelcomeSet = Command.subcommand({
  name: "set",
  description: "Change the welcome post",
  rung: "admin",
  opensModal: true,
  options: {},
  handler: (caller) => edit(caller, "welcome"),
});

export const gateWelcomePreview = Command.subcommand({
  name: "preview",
  description: "See the welcome post as it is posted, with you as the one who is welcomed",
  rung: "admin",
  options: {},
  handler: (caller) => Effect.map(previewOf(caller, "welcome"), (seen) => Private(seen)),
});
