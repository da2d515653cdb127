import { Effect } from "effect";
import { Applications } from "../../services/Applications.js";
import * as Component from "../kit/Component.js";
import { Private } from "../kit/Reply.js";
import { CopyUidId } from "../views/CardButtons.js";
import { copyUid as view } from "../views/Person.js";

export const copyUid = Component.button(CopyUidId, {
  rung: "reviewer",
  answers: "private",
  handler: ({ guildId, params }) =>
    Effect.gen(function* () {
      const applications = yield* Applications;
      const { application } = yield* applications.find(guildId, params.application);
      return Private(view(application));
    }),
});
