import { Effect, Option } from "effect";
import { Pings } from "../../services/Pings.js";
import { Settlement } from "../../services/Settlement.js";
import * as Component from "../kit/Component.js";
import { Private } from "../kit/Reply.js";
import { PingId } from "../views/CardButtons.js";
import { pingOutcome } from "../views/Ping.js";

/** How long a moderator is kept waiting for what comes of a ping. */
const PATIENCE_MILLIS = 10_000;

/** Calls the applicant in the unverified channel, and says how it went. */
export const ping = Component.button(PingId, {
  rung: "reviewer",
  answers: "private",
  handler: ({ guildId, actor, params: { application: id } }) =>
    Effect.gen(function* () {
      const pings = yield* Pings;
      const settlement = yield* Settlement;
      const pinged = yield* pings.ping(guildId, { _tag: "Id", id }, { id: actor.id, via: "press" });
      const later = Effect.map(settlement.await(pinged.id, PATIENCE_MILLIS), (settled) => ({
        content: pingOutcome(pinged, Option.getOrNull(settled)),
      }));
      return Private(pingOutcome(pinged, null), later);
    }),
});
