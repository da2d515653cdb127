import { Effect } from "effect";
import type { QuestionEdits } from "../../domain/Questions.js";
import { GateTexts } from "../../services/GateTexts.js";
import { describe } from "../views/ErrorText.js";
import { questionsChange, questionsRefused, questionsReport } from "../views/Questions.js";
import type { Caller } from "./Handler.js";
import { Private } from "./Reply.js";

/** Saves edits of the questions and says which are others now; what is refused can be gone on with. */
export const saveQuestions = ({ guildId, actor }: Caller, edits: QuestionEdits, seen: string | null) =>
  Effect.flatMap(GateTexts, (texts) => texts.setQuestions(guildId, actor.id, edits, seen)).pipe(
    Effect.map(({ before, after }) => Private(questionsReport(questionsChange(before, after), after, false))),
    Effect.catchTags({
      QuestionsInvalid: (error) => Effect.succeed(Private(questionsRefused(describe(error), null))),
      QuestionsChanged: (error) => Effect.succeed(Private(questionsRefused(describe(error), error.now))),
    }),
  );
