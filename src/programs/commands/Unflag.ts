import { userMention } from "discord.js";
import { Effect, Option } from "effect";
import { said } from "../../domain/Text.js";
import { Flags } from "../../services/Flags.js";
import * as Command from "../kit/Command.js";
import * as Options from "../kit/Options.js";
import { Private } from "../kit/Reply.js";
import { REASON_MAX } from "../../domain/Moderator.js";

export const unflag = Command.make({
  name: "unflag",
  description: "Take a flag away",
  rung: "reviewer",
  options: {
    user: Options.user({ description: "The person" }),
    reason: Options.optional(Options.string({ description: "Why; kept in the log", maxLength: REASON_MAX })),
  },
  handler: ({ guildId, actor, options }) =>
    Effect.gen(function* () {
      const flags = yield* Flags;
      const reason = Option.getOrNull(Option.flatMapNullable(options.reason, said));
      yield* flags.unflag(guildId, options.user.id, actor.id, reason);
      return Private(`${userMention(options.user.id)} is not flagged any more.`);
    }),
});
