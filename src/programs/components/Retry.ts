import { Effect } from "effect";
import { Reviews } from "../../services/Reviews.js";
import * as Component from "../kit/Component.js";
import { press } from "../kit/Press.js";
import { RetryId } from "../views/CardButtons.js";

/** Puts what failed back to work, once its cause is mended. */
export const retry = Component.button(RetryId, {
  rung: "reviewer",
  handler: ({ guildId, actor, rung, params: { application } }) =>
    press(application, actor.id, rung, (moderator, reference) =>
      Effect.flatMap(Reviews, (reviews) => reviews.retryFailed(guildId, reference, moderator)),
    ),
});
