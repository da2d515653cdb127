import { Effect } from "effect";
import { Reviews } from "../../services/Reviews.js";
import * as Event from "../kit/Event.js";

/** A review card that somebody deleted comes back while its application is open. */
export const messagesDeleted = Event.on("MessagesDeleted", ({ messageIds }) =>
  Effect.flatMap(Reviews, (reviews) => Effect.forEach(messageIds, reviews.cardDeleted, { discard: true })),
);
