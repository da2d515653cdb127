import { Effect } from "effect";
import { Reviews } from "../../services/Reviews.js";
import * as Command from "../kit/Command.js";
import { Private } from "../kit/Reply.js";
import { outcome } from "../views/Outcome.js";
import { moderatorOf, referenceOf, target } from "./target.js";

export const unclaim = Command.make({
  name: "unclaim",
  description: "Give a claimed application back to the queue",
  rung: "reviewer",
  options: target,
  handler: ({ options, ...caller }) =>
    Effect.gen(function* () {
      const reviews = yield* Reviews;
      const reference = yield* referenceOf(options);
      const { facts } = yield* reviews.unclaim(caller.guildId, reference, moderatorOf(caller));
      return Private(outcome(facts.application, []));
    }),
});
