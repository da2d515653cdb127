import { Effect } from "effect";
import { Reviews } from "../../services/Reviews.js";
import * as Component from "../kit/Component.js";
import { press } from "../kit/Press.js";
import { UnclaimId } from "../views/CardButtons.js";

export const unclaim = Component.button(UnclaimId, {
  rung: "reviewer",
  handler: ({ guildId, actor, rung, params: { application } }) =>
    press(application, actor.id, rung, (moderator, reference) =>
      Effect.flatMap(Reviews, (reviews) => reviews.unclaim(guildId, reference, moderator)),
    ),
});
