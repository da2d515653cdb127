import type { Discord } from "../../layers/Discord.js";
import type { AuditLog } from "../../services/AuditLog.js";
import type { Applications } from "../../services/Applications.js";
import type { Flags } from "../../services/Flags.js";
import type { LogFallback } from "../../services/LogFallback.js";
import type { PanicPurge } from "../../services/PanicPurge.js";
import type { Raid } from "../../services/Raid.js";
import type { Settings } from "../../services/Settings.js";
import type { CardHold } from "../kit/CardHold.js";
import type { Handlers } from "../kit/SideEffectHandler.js";
import { bulkBan } from "./BulkBan.js";
import { deleteMessage } from "./DeleteMessage.js";
import { decisionMessage, receivedMessage, releasedMessage, resetMessage } from "./DirectMessages.js";
import { drawCard } from "./DrawCard.js";
import { flagPost } from "./FlagPost.js";
import { postGateMessage } from "./GateMessage.js";
import { grantRole } from "./GrantRole.js";
import { kickMember } from "./KickMember.js";
import { logNotice } from "./LogNotice.js";
import { logPost } from "./LogPost.js";
import { postPing } from "./PingPost.js";
import { drawDigest, joinWaveAlert } from "./Raid.js";
import { welcomePost } from "./WelcomePost.js";

/** One line a kind of side effect. */
export const handlers: Handlers<
  LogFallback | AuditLog | CardHold | Discord | Applications | Flags | PanicPurge | Raid | Settings
> = {
  BulkBan: bulkBan,
  DecisionMessage: decisionMessage,
  DeleteMessage: deleteMessage,
  DrawCard: drawCard,
  DrawDigest: drawDigest,
  FlagPost: flagPost,
  GateMessage: postGateMessage,
  GrantRole: grantRole,
  JoinWaveAlert: joinWaveAlert,
  KickMember: kickMember,
  LogNotice: logNotice,
  LogPost: logPost,
  PingPost: postPing,
  ReceivedMessage: receivedMessage,
  ReleasedMessage: releasedMessage,
  ResetMessage: resetMessage,
  WelcomePost: welcomePost,
};
