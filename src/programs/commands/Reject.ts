import { Option } from "effect";
import * as Command from "../kit/Command.js";
import * as Options from "../kit/Options.js";
import { decide, reason, target } from "./target.js";

export const reject = Command.make({
  name: "reject",
  description: "Reject an application, for now or for good",
  rung: "reviewer",
  options: {
    reason,
    ...target,
    perm: Options.optional(Options.boolean({ description: "For good: they cannot apply again" })),
  },
  handler: (input) =>
    decide(input, {
      kind: Option.getOrElse(input.options.perm, () => false) ? "perm_reject" : "reject",
      reason: input.options.reason,
    }),
});
