import { ComponentType, TextInputStyle } from "discord.js";
import { Schema } from "effect";
import type { Application, DecisionKind } from "../../domain/Application.js";
import { ApplicationId } from "../../domain/Ids.js";
import { REASON_MAX } from "../../domain/Moderator.js";
import { cut } from "../../domain/Text.js";
import type { ModalPayload } from "../../layers/discord/Interaction.js";
import * as CustomId from "../kit/CustomId.js";

export const ReasonId = CustomId.make(
  "reason",
  Schema.Struct({ kind: Schema.Literal("reject", "perm_reject", "kick"), application: ApplicationId }),
);
export const REASON_FIELD = "reason";
export const NO_REASON = "A reason is needed: the person is told it, and it stays in the log.";

const VERBS = {
  reject: "Reject",
  perm_reject: "Permanently reject",
  kick: "Kick",
} as const satisfies Record<Exclude<DecisionKind, "approve">, string>;

const CONSEQUENCES = {
  reject: "They are told the reason and may apply again later.",
  perm_reject: "They are told the reason and cannot apply again.",
  kick: "They are told the reason, removed, and cannot apply again.",
} as const;

export const reasonForm = (
  kind: Exclude<DecisionKind, "approve">,
  application: Application,
): ModalPayload => ({
  custom_id: ReasonId.encode({ kind, application: application.id }),
  title: cut(`${VERBS[kind]} #${application.code}`, 45),
  components: [
    {
      type: ComponentType.Label,
      label: "Reason",
      description: CONSEQUENCES[kind],
      component: {
        type: ComponentType.TextInput,
        custom_id: REASON_FIELD,
        style: TextInputStyle.Paragraph,
        min_length: 1,
        max_length: REASON_MAX,
        required: true,
      },
    },
  ],
});
