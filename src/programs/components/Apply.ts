import { Effect } from "effect";
import { type AnswerProblem, checkAnswer, GateClosed } from "../../domain/Gate.js";
import { Gate } from "../../services/Gate.js";
import * as Component from "../kit/Component.js";
import { Private } from "../kit/Reply.js";
import {
  ApplyId,
  fieldOf,
  nextPage,
  pagesOf,
  problems,
  questionsChanged,
  submitted,
} from "../views/Apply.js";

/**
 * The form comes in. Answers are matched to the questions of today; what will not do is told back with everything kept,
 * and the application is sent once every question has a good answer.
 */
export const apply = Component.modal(ApplyId, {
  rung: "everyone",
  answers: "private",
  handler: ({ guildId, actor, interaction, params }) =>
    Effect.gen(function* () {
      const gate = yield* Gate;
      const { questions, draft } = yield* gate.received(guildId, actor);
      const checked = questions.map((question) => {
        const kept = draft.find((answer) => answer.question === question)?.text ?? "";
        const typed = interaction.fields.get(fieldOf(question));
        return { question, isNew: typed !== undefined, ...checkAnswer(question, typed ?? kept) };
      });
      const answers = checked.map(({ question, text }) => ({ question, text }));
      const pages = pagesOf(questions);
      const pageOf = (question: string) => pages.findIndex((page) => page.includes(question));
      const wrong = checked.flatMap(
        ({ problem, isNew }): ReadonlyArray<AnswerProblem & { isNew: boolean }> =>
          problem === null ? [] : [{ ...problem, isNew }],
      );
      const [first] = wrong;
      if (first === undefined) {
        return yield* gate.submit(guildId, actor, answers).pipe(
          Effect.map((application) => Private(submitted(application))),
          Effect.catchTag("GateClosed", () =>
            Effect.zipRight(gate.saveDraft(guildId, actor, answers), new GateClosed({ kept: true })),
          ),
        );
      }

      yield* gate.saveDraft(
        guildId,
        actor,
        answers.filter(({ text }) => text !== ""),
      );
      const here = wrong.filter(({ isNew }) => isNew);
      if (here.length > 0) return Private(problems(here, pageOf(here[0]?.question ?? first.question)));
      const next = pageOf(first.question);
      return Private(next > params.page ? nextPage(params.page + 1, pages.length) : questionsChanged(next));
    }),
});
