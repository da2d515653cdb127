import { Effect } from "effect";
import { RoleWatch } from "../../services/RoleWatch.js";
import * as Event from "../kit/Event.js";

/** The accepted role given or taken by hand is noticed. */
export const memberUpdated = Event.on("MemberUpdated", ({ bot, ...member }) =>
  bot ? Effect.void : Effect.flatMap(RoleWatch, (watch) => watch.memberUpdated(member)),
);
