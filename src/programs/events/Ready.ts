import { Effect } from "effect";
import * as Event from "../kit/Event.js";

export const ready = Event.on("Ready", ({ tag, guilds }) =>
  Effect.logInfo("ClientReady", { bot: tag, guilds }),
);
