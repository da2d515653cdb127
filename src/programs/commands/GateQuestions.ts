import { Effect, Option } from "effect";
import { MAX_QUESTION_LENGTH } from "../../domain/Settings.js";
import { GateTexts } from "../../services/GateTexts.js";
import { Settings } from "../../services/Settings.js";
import * as Command from "../kit/Command.js";
import type { Caller } from "../kit/Handler.js";
import * as Options from "../kit/Options.js";
import { Private } from "../kit/Reply.js";
import { saveQuestions } from "../kit/SaveQuestions.js";
import { NUMBERS, questionsReport } from "../views/Questions.js";

const question = (number: number) =>
  Options.optional(
    Options.string({ description: `The new question ${number}`, maxLength: MAX_QUESTION_LENGTH }),
  );

const shown = ({ guildId, actor }: Caller) =>
  Effect.gen(function* () {
    const { questions } = yield* Effect.flatMap(Settings, (settings) => settings.get(guildId));
    const draft = yield* Effect.flatMap(GateTexts, (texts) => texts.questionsDraft(guildId, actor.id));
    const words = Option.isNone(draft)
      ? "What applicants are asked:"
      : "What applicants are asked. You have begun to write others: **Go on editing** brings them back.";
    return Private(questionsReport(words, questions, Option.isSome(draft)));
  });

/** Changes the questions that are named; without any it shows them, with a way to edit all of them. */
export const gateQuestions = Command.subcommand({
  name: "set-questions",
  description: "Show or change what applicants are asked",
  rung: "admin",
  options: {
    q1: question(1),
    q2: question(2),
    q3: question(3),
    q4: question(4),
    q5: question(5),
    remove: Options.optional(
      Options.integer({ description: "Take this question out, by its number", min: 1, max: NUMBERS.length }),
    ),
  },
  handler: ({ options: { remove, ...options }, ...caller }) =>
    Effect.gen(function* () {
      const given = Object.values(options).flatMap((text, index) =>
        Option.toArray(Option.map(text, (typed): [number, string | null] => [index + 1, typed])),
      );
      const removed = Option.toArray(remove).map((number): [number, null] => [number, null]);
      const edits = new Map([...given, ...removed]);
      return yield* edits.size === 0 ? shown(caller) : saveQuestions(caller, edits, null);
    }),
});
