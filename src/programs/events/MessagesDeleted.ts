import { Effect } from "effect";
import { Reviews } from "../../services/Reviews.js";
import { Settings } from "../../services/Settings.js";
import * as Event from "../kit/Event.js";

/** A review card that somebody deleted comes back while its application is open; the gate message always does. */
export const messagesDeleted = Event.on("MessagesDeleted", ({ messageIds }) =>
  Effect.gen(function* () {
    const reviews = yield* Reviews;
    const settings = yield* Settings;
    for (const messageId of messageIds) {
      yield* reviews.cardDeleted(messageId);
      yield* settings.gateMessageGone(messageId);
    }
  }),
);
