import { Schema } from "effect";
import { ChannelId, RoleId, UserId } from "./Ids.js";
import { SettingName } from "./SettingsTable.js";

/** So many ids are looked up at once. */
export const LOOKED_UP_AT_ONCE = 100;

export const NamedPerson = Schema.Struct({
  id: UserId,
  username: Schema.String,
  displayName: Schema.String.annotations({ description: "What they are called in this guild." }),
  avatarUrl: Schema.String,
  bot: Schema.Boolean,
  isHere: Schema.Boolean.annotations({
    description: "Whether they are in the guild. Who left is shown as they were, where that is known.",
  }),
}).annotations({ identifier: "NamedPerson" });
export type NamedPerson = typeof NamedPerson.Type;

export const ListedRole = Schema.Struct({
  id: RoleId,
  name: Schema.String,
  color: Schema.NullOr(Schema.String).annotations({
    description: "As CSS writes it; `null` for the colour of text.",
    examples: ["#5865f2"],
  }),
  position: Schema.Int.annotations({ description: "0 for the highest." }),
  problem: Schema.NullOr(Schema.String).annotations({
    description:
      "Why the bot could not give it, and what to do, in Discord's markdown; `null` when it could.",
  }),
}).annotations({ identifier: "ListedRole" });
export type ListedRole = typeof ListedRole.Type;

export const ListedChannel = Schema.Struct({
  id: ChannelId,
  name: Schema.String,
  category: Schema.NullOr(Schema.String),
  position: Schema.Int.annotations({ description: "As Discord lists them, from 0." }),
  lacks: Schema.Array(Schema.String).annotations({
    description: "Rights that some setting asks for and the bot does not have there.",
    examples: [["Embed Links"]],
  }),
  usableFor: Schema.Array(SettingName).annotations({
    description: "The settings that this channel could be chosen for as it is now.",
  }),
}).annotations({ identifier: "ListedChannel" });
export type ListedChannel = typeof ListedChannel.Type;
