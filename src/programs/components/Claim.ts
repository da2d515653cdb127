import { Effect } from "effect";
import { Reviews } from "../../services/Reviews.js";
import * as Component from "../kit/Component.js";
import { press } from "../kit/Press.js";
import { ClaimId } from "../views/CardButtons.js";

export const claim = Component.button(ClaimId, {
  rung: "reviewer",
  handler: ({ guildId, actor, rung, params: { application } }) =>
    press(application, actor.id, rung, (moderator, reference) =>
      Effect.flatMap(Reviews, (reviews) => reviews.claim(guildId, reference, moderator)),
    ),
});
