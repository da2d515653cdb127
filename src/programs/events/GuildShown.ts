import { Effect } from "effect";
import { Absence } from "../../services/Absence.js";
import * as Event from "../kit/Event.js";

/** In the background: a large guild has many members, and events and presses are not to wait for them. */
export const guildShown = Event.on("GuildShown", ({ guildId }) =>
  Effect.flatMap(Absence, (absence) => absence.makeUp(guildId)).pipe(
    Effect.catchAllCause((cause) =>
      Effect.logError("What happened while the bot was away could not be made up for", cause),
    ),
    Effect.annotateLogs({ guild: guildId }),
    Effect.fork,
  ),
);
