import { Effect } from "effect";
import { Directory } from "../../services/Directory.js";
import * as Event from "../kit/Event.js";

/** Whoever comes, goes or is called something else is asked about again. */
const changed = (tag: "MemberJoined" | "MemberUpdated" | "MemberLeft") =>
  Event.on(tag, ({ guildId, userId }) =>
    Effect.flatMap(Directory, (directory) => directory.forget(guildId, userId)),
  );

export const nameJoined = changed("MemberJoined");
export const nameUpdated = changed("MemberUpdated");
export const nameLeft = changed("MemberLeft");
