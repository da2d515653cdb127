import { Effect } from "effect";
import { Access } from "../../services/Access.js";
import * as Event from "../kit/Event.js";

/** Whoever gets or loses a role, leaves, or loses the bot has other rights on the dashboard from this moment on. */
export const accessUpdated = Event.on("MemberUpdated", ({ userId }) =>
  Effect.flatMap(Access, (access) => access.forget(userId)),
);
export const accessLeft = Event.on("MemberLeft", ({ userId }) =>
  Effect.flatMap(Access, (access) => access.forget(userId)),
);
export const accessRemoved = Event.on("GuildRemoved", ({ guildId }) =>
  Effect.flatMap(Access, (access) => access.forgetGuild(guildId)),
);
