import { Effect } from "effect";
import { Reviews } from "../../services/Reviews.js";
import * as Command from "../kit/Command.js";
import { decided, moderatorOf, openApplications, referenceOf, target } from "./target.js";

export const accept = Command.make({
  name: "accept",
  description: "Approve an application",
  rung: "reviewer",
  options: target,
  complete: { app: openApplications },
  handler: ({ options, ...caller }) =>
    Effect.gen(function* () {
      const reviews = yield* Reviews;
      const reference = yield* referenceOf(options);
      const decision = { kind: "approve", reason: null } as const;
      return yield* decided(yield* reviews.decide(caller.guildId, reference, moderatorOf(caller), decision));
    }),
});
