import { Effect } from "effect";
import { FirstMessages } from "../../services/FirstMessages.js";
import * as Event from "../kit/Event.js";

/** Somebody who speaks for the first time long after joining is flagged. */
export const memberSpoke = Event.on("MemberSpoke", ({ _tag, ...message }) =>
  Effect.flatMap(FirstMessages, (messages) => messages.spoke(message)),
);
