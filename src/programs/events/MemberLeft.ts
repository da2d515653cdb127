import { Effect } from "effect";
import { Gate } from "../../services/Gate.js";
import * as Event from "../kit/Event.js";

export const memberLeft = Event.on("MemberLeft", ({ guildId, userId, bot }) =>
  bot ? Effect.void : Effect.flatMap(Gate, (gate) => gate.memberLeft(guildId, userId)),
);
