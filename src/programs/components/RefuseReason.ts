import { Effect } from "effect";
import { said } from "../../domain/Text.js";
import { Reviews } from "../../services/Reviews.js";
import * as Component from "../kit/Component.js";
import { press } from "../kit/Press.js";
import { Private } from "../kit/Reply.js";
import { NO_REASON, REASON_FIELD, ReasonId } from "../views/ReasonForm.js";

/** The reason comes in, and with it the decision. */
export const refuseReason = Component.modal(ReasonId, {
  rung: "reviewer",
  handler: ({ guildId, actor, rung, interaction, params: { kind, application } }) => {
    const reason = said(interaction.fields.get(REASON_FIELD) ?? "");
    if (reason === null) return Effect.succeed(Private(NO_REASON));
    return press(application, actor.id, rung, (moderator, reference) =>
      Effect.flatMap(Reviews, (reviews) => reviews.decide(guildId, reference, moderator, { kind, reason })),
    );
  },
});
