import { Effect } from "effect";
import { clean } from "../../domain/Text.js";
import { Reviews } from "../../services/Reviews.js";
import * as Command from "../kit/Command.js";
import * as Options from "../kit/Options.js";
import { Private } from "../kit/Reply.js";
import { NO_REASON, REASON_MAX } from "../views/ReasonForm.js";
import { decided, moderatorOf, openApplications, referenceOf, target } from "./target.js";

export const kick = Command.make({
  name: "kick",
  description: "Decline an application and remove the person from the server",
  rung: "reviewer",
  options: {
    reason: Options.string({ description: "Told to the person, and kept in the log", maxLength: REASON_MAX }),
    ...target,
  },
  complete: { app: openApplications },
  handler: ({ options, ...caller }) =>
    Effect.gen(function* () {
      const reviews = yield* Reviews;
      const reason = clean(options.reason);
      if (reason === "") return Private(NO_REASON);
      const reference = yield* referenceOf(options);
      return yield* decided(
        yield* reviews.decide(caller.guildId, reference, moderatorOf(caller), { kind: "kick", reason }),
      );
    }),
});
