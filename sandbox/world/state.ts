/** What the world is made of. Only the World's own parts change these; REST and gateway read them. */
import type { WireAttachment, WireComponent, WireEmbed } from "../contract/wire.js";

export interface User {
  readonly id: string;
  username: string;
  globalName: string | null;
  avatar: string | null;
  banner: string | null;
  readonly bot: boolean;
  dmsClosed: boolean;
  presence: Presence;
}

export interface Presence {
  readonly status: string;
  readonly activities: readonly object[];
}

export interface Role {
  readonly id: string;
  name: string;
  permissions: bigint;
  position: number;
  color: number;
  hoist: boolean;
  mentionable: boolean;
  readonly managed: boolean;
  /** The bot whose integration made this role. */
  readonly botId: string | null;
}

export interface Member {
  readonly userId: string;
  nick: string | null;
  readonly roles: Set<string>;
  readonly joinedAt: number;
  timeoutUntil: number | null;
}

export interface Guild {
  readonly id: string;
  name: string;
  ownerId: string;
  readonly roles: Map<string, Role>;
  readonly channels: Map<string, Channel>;
  readonly members: Map<string, Member>;
  readonly bans: Map<string, string | null>;
  readonly audit: AuditEntry[];
  icon: string | null;
  banner: string | null;
  splash: string | null;
  description: string | null;
  features: string[];
  verificationLevel: number;
  defaultNotifications: number;
  contentFilter: number;
  locale: string;
  afkChannelId: string | null;
  afkTimeout: number;
  systemChannelId: string | null;
  systemChannelFlags: number;
  rulesChannelId: string | null;
  publicUpdatesChannelId: string | null;
  safetyAlertsChannelId: string | null;
  boostBar: boolean;
}

/** What `PATCH /guilds/:guild` changes. */
export type GuildSettings = Omit<Guild, "id" | "roles" | "channels" | "members" | "bans" | "audit">;

export interface AuditEntry {
  readonly id: string;
  readonly action: number;
  readonly userId: string;
  readonly targetId: string | null;
  readonly reason: string | null;
  readonly changes: readonly AuditChange[];
  readonly options: Readonly<Record<string, string>> | null;
}

export interface AuditChange {
  readonly key: string;
  readonly old_value?: unknown;
  readonly new_value?: unknown;
}

export interface Webhook {
  readonly id: string;
  readonly guildId: string;
  readonly token: string;
  readonly creatorId: string;
  channelId: string;
  name: string;
  avatar: string | null;
}

export interface OverwriteState {
  readonly type: "role" | "member";
  readonly allow: bigint;
  readonly deny: bigint;
}

export const ChannelType = {
  text: 0,
  dm: 1,
  voice: 2,
  category: 4,
  announcement: 5,
  publicThread: 11,
  privateThread: 12,
  forum: 15,
} as const;

export interface ThreadState {
  readonly ownerId: string;
  readonly createdAt: number;
  archived: boolean;
  archivedAt: number;
  locked: boolean;
  invitable: boolean;
  autoArchiveMinutes: number;
  readonly members: Map<string, number>;
  sent: number;
}

export interface Channel {
  readonly id: string;
  readonly type: number;
  readonly guildId: string | null;
  name: string | null;
  topic: string | null;
  position: number;
  parentId: string | null;
  nsfw: boolean;
  slowmode: number;
  readonly overwrites: Map<string, OverwriteState>;
  readonly thread: ThreadState | null;
  /** Who is on the other side of a direct channel with the bot. */
  readonly recipientId: string | null;
  readonly messages: Map<string, Message>;
  /** Message id to the time it was pinned, newest last. */
  readonly pins: Map<string, number>;
  lastMessageId: string | null;
}

export interface InteractionMeta {
  readonly id: string;
  readonly type: number;
  readonly user: User;
  /** The message whose component was used. */
  readonly sourceMessageId: string | null;
  /** For a modal, the interaction that opened it. */
  readonly trigger: InteractionMeta | null;
}

export interface Message {
  readonly id: string;
  readonly channelId: string;
  readonly guildId: string | null;
  readonly type: number;
  readonly author: User;
  content: string;
  embeds: WireEmbed[];
  components: WireComponent[];
  attachments: WireAttachment[];
  flags: number;
  mentions: User[];
  mentionRoles: string[];
  mentionEveryone: boolean;
  readonly createdAt: number;
  editedAt: number | null;
  pinned: boolean;
  readonly nonce: string | number | null;
  readonly replyTo: string | null;
  readonly webhookId: string | null;
  readonly interaction: InteractionMeta | null;
  /** The only person who sees it. */
  readonly ephemeralFor: string | null;
  /** By emoji: its character, or `name:id` of a guild's own. */
  readonly reactions: Map<string, Set<string>>;
}

export interface Command {
  readonly id: string;
  readonly guildId: string | null;
  version: string;
  type: number;
  name: string;
  description: string;
  options: CommandOption[];
  defaultMemberPermissions: bigint | null;
  contexts: number[] | null;
  nsfw: boolean;
  nameLocalizations: Record<string, string> | null;
  descriptionLocalizations: Record<string, string> | null;
}

export interface CommandOption {
  type: number;
  name: string;
  description: string;
  required?: boolean | undefined;
  autocomplete?: boolean | undefined;
  choices?: { name: string; value: string | number }[] | undefined;
  options?: CommandOption[] | undefined;
  channel_types?: number[] | undefined;
  min_value?: number | undefined;
  max_value?: number | undefined;
  min_length?: number | undefined;
  max_length?: number | undefined;
}
