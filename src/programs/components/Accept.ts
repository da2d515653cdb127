import { Effect } from "effect";
import { Reviews } from "../../services/Reviews.js";
import * as Component from "../kit/Component.js";
import { press } from "../kit/Press.js";
import { AcceptId } from "../views/CardButtons.js";

export const accept = Component.button(AcceptId, {
  rung: "reviewer",
  handler: ({ guildId, actor, rung, params: { application } }) =>
    press(application, actor.id, rung, (moderator, reference) =>
      Effect.flatMap(Reviews, (reviews) =>
        reviews.decide(guildId, reference, moderator, { kind: "approve", reason: null }),
      ),
    ),
});
