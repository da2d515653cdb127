import { Effect } from "effect";
import { Gate } from "../../services/Gate.js";
import * as Event from "../kit/Event.js";

/** Joins are recorded, so that the way from join to submission can be measured. */
export const memberJoined = Event.on("MemberJoined", ({ guildId, userId, bot, joinedAt }) =>
  bot ? Effect.void : Effect.flatMap(Gate, (gate) => gate.memberJoined(guildId, userId, joinedAt)),
);
