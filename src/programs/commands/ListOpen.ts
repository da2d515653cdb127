import { Effect, Option } from "effect";
import { Applications } from "../../services/Applications.js";
import * as Command from "../kit/Command.js";
import * as Options from "../kit/Options.js";
import { Private } from "../kit/Reply.js";
import { openList, PAGE_SIZE } from "../views/OpenList.js";

export const listOpen = Command.make({
  name: "listopen",
  description: "The open applications, longest waiting first",
  rung: "reviewer",
  options: {
    scope: Options.optional(
      Options.choice({
        description: "Whose; without it all of them",
        choices: { mine: "Claimed by me", all: "All" },
      }),
    ),
  },
  handler: ({ guildId, actor, options }) =>
    Effect.gen(function* () {
      const applications = yield* Applications;
      const scope = Option.getOrElse(options.scope, () => "all" as const);
      const claimedBy = scope === "mine" ? actor.id : null;
      const page = yield* applications.page(guildId, claimedBy, null, "next", PAGE_SIZE);
      return Private(openList(guildId, scope, page));
    }),
});
