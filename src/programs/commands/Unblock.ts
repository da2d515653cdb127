import { userMention } from "discord.js";
import { Effect, Option, Schema } from "effect";
import { UserId } from "../../domain/Ids.js";
import type { Person } from "../../domain/Person.js";
import { said } from "../../domain/Text.js";
import { Blocks } from "../../services/Blocks.js";
import * as Command from "../kit/Command.js";
import { NoPerson } from "../kit/Errors.js";
import * as Options from "../kit/Options.js";
import { Private } from "../kit/Reply.js";
import { REASON_MAX } from "../../domain/Moderator.js";

const asUserId = Schema.decodeUnknownOption(UserId);

/** Whoever is named: picked, or by an id as it is copied, also inside a mention. */
const personOf = (user: Option.Option<Person>, id: Option.Option<string>): Effect.Effect<UserId, NoPerson> =>
  Option.match(user, {
    onSome: (person) => Effect.succeed(person.id),
    onNone: () =>
      Option.match(
        Option.flatMap(id, (text) => asUserId(text.replace(/^\s*<@!?|>?\s*$/g, "").trim())),
        { onSome: Effect.succeed, onNone: () => new NoPerson() },
      ),
  });

export const unblock = Command.make({
  name: "unblock",
  description: "Let somebody apply again after a permanent rejection or a kick",
  rung: "reviewer",
  options: {
    reason: Options.string({ description: "Why; kept in the log", maxLength: REASON_MAX }),
    user: Options.optional(Options.user({ description: "The person" })),
    user_id: Options.optional(
      Options.string({ description: "Or their id, when they are not in this server", maxLength: 32 }),
    ),
  },
  handler: ({ guildId, actor, options }) =>
    Effect.gen(function* () {
      const blocks = yield* Blocks;
      const reason = said(options.reason);
      if (reason === null) return Private("A reason is needed: it stays in the log.");
      const userId = yield* personOf(options.user, options.user_id);
      yield* blocks.lift(guildId, userId, { id: actor.id, via: "command" }, reason);
      return Private(`${userMention(userId)} may apply here again.`);
    }),
});
