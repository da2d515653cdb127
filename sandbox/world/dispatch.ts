/** One gateway event on its way to whoever may hear it. */
export interface Dispatch {
  readonly event: string;
  /** Made only when somebody listens; the session's intents may say how much. */
  readonly data: (intents: number) => object;
  /** A session hears it when it has at least one of these; 0 is for all. */
  readonly intents: number;
  /** Which shard hears it: that of the guild; null is the first shard, which has the direct messages. */
  readonly guildId: string | null;
}

export const Intent = {
  guilds: 1 << 0,
  guildMembers: 1 << 1,
  guildModeration: 1 << 2,
  guildWebhooks: 1 << 5,
  guildMessages: 1 << 9,
  guildMessageReactions: 1 << 10,
  guildMessageTyping: 1 << 11,
  directMessages: 1 << 12,
  directMessageReactions: 1 << 13,
  directMessageTyping: 1 << 14,
  messageContent: 1 << 15,
  guildPresences: 1 << 8,
} as const;

/** All that Discord knows today. */
export const KNOWN_INTENTS = 0x1_ffff | (1 << 20) | (1 << 21) | (1 << 24) | (1 << 25);
export const PRIVILEGED_INTENTS = Intent.guildMembers | Intent.guildPresences | Intent.messageContent;

export const INTENT_NAMES = {
  GuildMembers: Intent.guildMembers,
  GuildPresences: Intent.guildPresences,
  MessageContent: Intent.messageContent,
} as const;
