import { Effect } from "effect";
import { Applications } from "../../services/Applications.js";
import * as Component from "../kit/Component.js";
import { Private } from "../kit/Reply.js";
import { AnswersId } from "../views/CardButtons.js";
import { fullAnswers as view } from "../views/FullAnswers.js";

/** What the card had to cut, whole. */
export const fullAnswers = Component.button(AnswersId, {
  rung: "reviewer",
  answers: "private",
  handler: ({ guildId, params }) =>
    Effect.gen(function* () {
      const applications = yield* Applications;
      const { application } = yield* applications.find(guildId, params.application);
      return Private(view(application, 0));
    }),
});
