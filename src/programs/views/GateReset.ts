import { Schema } from "effect";
import { RESET_WORD } from "../../domain/Gate.js";
import type { SideEffect } from "../../domain/SideEffect.js";
import type { MessagePayload, ModalPayload } from "../../layers/discord/Interaction.js";
import type { ResetPreview } from "../../services/GateReset.js";
import * as CustomId from "../kit/CustomId.js";
import { passwordForm } from "./PasswordForm.js";
import { gateLine } from "./SetupReport.js";

/** The form; `version` is that of the settings when it was opened. */
export const GateResetId = CustomId.make("gate-reset", Schema.Struct({ version: Schema.NumberFromString }));

const applications = (count: number): string =>
  count === 1 ? "1 open application" : `${count} open applications`;

/** Says what a reset does before it asks for anything. */
export const gateResetForm = ({ open, version }: ResetPreview): ModalPayload =>
  passwordForm({
    customId: GateResetId.encode({ version }),
    title: "Reset the gate?",
    warning: [
      `**${applications(open)}** will be withdrawn; each person is told and may apply again.`,
      "**Questions, texts and the rules of who may apply** go back to their defaults.",
      "Channels, roles, permanent rejections, the log and earlier applications stay.",
    ].join("\n"),
    word: RESET_WORD,
  });

/** Done; `gate` is how the gate message fared, none while it is still under way. */
export const gateWasReset = (withdrawn: number, gate: SideEffect | null): MessagePayload => ({
  content: [
    `**The gate is reset.** ${applications(withdrawn)} withdrawn; questions, texts and rules are the defaults again.`,
    gateLine(gate),
  ].join("\n"),
});
