import { Effect } from "effect";
import type { Moderator } from "../../domain/Moderator.js";
import { CurrentAdmin } from "../api/Guards.js";

/** Who asks, as a moderator; the guard lets through nobody below an admin. */
export const moderator = Effect.map(CurrentAdmin, ({ guildId, session: { userId } }) => ({
  guildId,
  by: { id: userId, admin: true, via: "web" } satisfies Moderator,
}));
