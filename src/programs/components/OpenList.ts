import { Effect } from "effect";
import { Applications } from "../../services/Applications.js";
import * as Component from "../kit/Component.js";
import { Update } from "../kit/Reply.js";
import { openList as view, OpenListId, PAGE_SIZE } from "../views/OpenList.js";

/** Another page of the list, as the queue is now. */
export const openList = Component.button(OpenListId, {
  rung: "reviewer",
  handler: ({ guildId, actor, params: { scope, direction, ...from } }) =>
    Effect.gen(function* () {
      const applications = yield* Applications;
      const claimedBy = scope === "mine" ? actor.id : null;
      return Update(
        view(guildId, scope, yield* applications.page(guildId, claimedBy, from, direction, PAGE_SIZE)),
      );
    }),
});
