import { Effect } from "effect";
import { said } from "../../domain/Text.js";
import { Flags } from "../../services/Flags.js";
import * as Command from "../kit/Command.js";
import * as Options from "../kit/Options.js";
import { Private } from "../kit/Reply.js";
import { flaggedAnswer } from "../views/Flags.js";
import { REASON_MAX } from "../../domain/Moderator.js";

export const flag = Command.make({
  name: "flag",
  description: "Have moderators keep an eye on somebody",
  rung: "reviewer",
  options: {
    user: Options.user({ description: "The person" }),
    reason: Options.string({ description: "Why; for moderators and the log", maxLength: REASON_MAX }),
  },
  handler: ({ guildId, actor, options }) =>
    Effect.gen(function* () {
      const flags = yield* Flags;
      const reason = said(options.reason);
      if (reason === null) return Private("A reason is needed: it is what the other moderators see.");
      return Private(flaggedAnswer(yield* flags.flag(guildId, options.user, actor.id, reason)));
    }),
});
