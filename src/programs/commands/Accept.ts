import { Option } from "effect";
import { said } from "../../domain/Text.js";
import * as Command from "../kit/Command.js";
import * as Options from "../kit/Options.js";
import { REASON_MAX } from "../../domain/Moderator.js";
import { decide, target } from "./target.js";

export const accept = Command.make({
  name: "accept",
  description: "Approve an application",
  rung: "reviewer",
  options: {
    ...target,
    note: Options.optional(
      Options.string({
        description: "For the card and the log; the person is not told",
        maxLength: REASON_MAX,
      }),
    ),
  },
  handler: (input) =>
    decide(input, {
      kind: "approve",
      reason: Option.getOrNull(Option.flatMapNullable(input.options.note, said)),
    }),
});
