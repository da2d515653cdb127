import { pipe } from "effect";
import * as Command from "../kit/Command.js";
import { gateQuestions } from "./GateQuestions.js";
import { gateReset } from "./GateReset.js";
import { gateSetup } from "./GateSetup.js";
import { gateSettings, gateStatus } from "./GateStatus.js";
import {
  gateTemplateEdit,
  gateTemplatePreview,
  gateWelcomePreview,
  gateWelcomeSet,
} from "./GateTemplates.js";
import { gateWelcomeChannels, gateWelcomeRole } from "./GateWelcome.js";

const TEMPLATE = { name: "template", description: "The texts of this server" };
const WELCOME = { name: "welcome", description: "How accepted members are welcomed" };

/** One line a subcommand. */
export const gate = pipe(
  Command.group("gate", "The way into this server"),
  Command.add(gateSetup),
  Command.add(gateStatus),
  Command.add(gateSettings),
  Command.add(gateReset),
  Command.add(gateQuestions),
  Command.addIn(TEMPLATE, gateTemplateEdit),
  Command.addIn(TEMPLATE, gateTemplatePreview),
  Command.addIn(WELCOME, gateWelcomeSet),
  Command.addIn(WELCOME, gateWelcomePreview),
  Command.addIn(WELCOME, gateWelcomeChannels),
  Command.addIn(WELCOME, gateWelcomeRole),
);
