import { Effect } from "effect";
import * as Event from "../kit/Event.js";

/** What is stored stays: the guild may invite the bot again. */
export const guildRemoved = Event.on("GuildRemoved", ({ guildId }) =>
  Effect.logWarning("The bot was removed from a server; its side effects there will fail", {
    guild: guildId,
  }),
);
