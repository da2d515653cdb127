import { Array as Arr, Effect } from "effect";
import { Gate } from "../../services/Gate.js";
import * as Event from "../kit/Event.js";

/**
 * Joins are recorded, so that the way from join to submission can be measured. Those that came in one go are recorded in
 * one transaction: of a raid, each by itself would wait for the disk.
 */
export const memberJoined = Event.together("MemberJoined", (run) =>
  Effect.flatMap(Gate, (gate) =>
    Effect.forEach(
      Object.values(
        Arr.groupBy(
          run.filter(({ bot }) => !bot),
          ({ guildId }) => guildId,
        ),
      ),
      (joins) => gate.membersJoined(joins[0].guildId, joins),
      { discard: true },
    ),
  ),
);
