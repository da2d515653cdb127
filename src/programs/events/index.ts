import type { GatewayEvent, Requirements } from "../kit/Event.js";
import { accessLeft, accessRemoved, accessUpdated } from "./AccessChanged.js";
import { nameJoined, nameLeft, nameUpdated } from "./DirectoryChanged.js";
import { guildRemoved } from "./GuildRemoved.js";
import { guildShown } from "./GuildShown.js";
import { memberJoined } from "./MemberJoined.js";
import { memberLeft } from "./MemberLeft.js";
import { memberSpoke } from "./MemberSpoke.js";
import { memberUpdated } from "./MemberUpdated.js";
import { messagesDeleted } from "./MessagesDeleted.js";
import { ready } from "./Ready.js";
import { trouble } from "./Trouble.js";

/** One line a gateway event. */
const all = [
  accessLeft,
  accessRemoved,
  accessUpdated,
  guildRemoved,
  guildShown,
  memberJoined,
  memberLeft,
  memberSpoke,
  memberUpdated,
  messagesDeleted,
  nameJoined,
  nameLeft,
  nameUpdated,
  ready,
  trouble,
];

export const events: ReadonlyArray<GatewayEvent<Requirements<(typeof all)[number]>>> = all;
