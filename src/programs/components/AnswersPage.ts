import { Effect } from "effect";
import { Applications } from "../../services/Applications.js";
import * as Component from "../kit/Component.js";
import { Update } from "../kit/Reply.js";
import { AnswersPageId, fullAnswers } from "../views/FullAnswers.js";

export const answersPage = Component.button(AnswersPageId, {
  rung: "reviewer",
  handler: ({ guildId, params }) =>
    Effect.gen(function* () {
      const applications = yield* Applications;
      const { application } = yield* applications.find(guildId, params.application);
      return Update(fullAnswers(application, params.page));
    }),
});
