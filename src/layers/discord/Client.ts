import {
  ApplicationCommandManager,
  AutoModerationRuleManager,
  BaseGuildEmojiManager,
  Client,
  DMMessageManager,
  GatewayIntentBits,
  GuildBanManager,
  GuildEmojiManager,
  GuildForumThreadManager,
  GuildInviteManager,
  type GuildMember,
  GuildMemberManager,
  GuildMessageManager,
  GuildScheduledEventManager,
  GuildStickerManager,
  GuildTextThreadManager,
  MessageManager,
  Options,
  Partials,
  PresenceManager,
  ReactionManager,
  ReactionUserManager,
  StageInstanceManager,
  ThreadManager,
  ThreadMemberManager,
  type User,
  UserManager,
  VoiceStateManager,
} from "discord.js";
import type { AppConfigShape } from "../Config.js";
import { Option } from "effect";

export const DEFAULT_CDN = "https://cdn.discordapp.com";

/** Where avatars come from; the sandbox serves them beside its API. */
export const cdnOf = (config: AppConfigShape): string =>
  Option.match(config.discord.apiBase, {
    onNone: () => DEFAULT_CDN,
    onSome: (api) => api.replace(/\/api\/?$/, "/cdn"),
  });

/** What the bot never reads again. */
const FORGOTTEN = [
  ApplicationCommandManager,
  AutoModerationRuleManager,
  BaseGuildEmojiManager,
  DMMessageManager,
  GuildBanManager,
  GuildEmojiManager,
  GuildForumThreadManager,
  GuildInviteManager,
  GuildMessageManager,
  GuildScheduledEventManager,
  GuildStickerManager,
  GuildTextThreadManager,
  MessageManager,
  PresenceManager,
  ReactionManager,
  ReactionUserManager,
  StageInstanceManager,
  ThreadManager,
  ThreadMemberManager,
  VoiceStateManager,
];

/** discord.js looks limits up by class name. Bundling may rename a class, so the names are asked for, not written. */
const limits = {
  ...Options.DefaultMakeCacheSettings,
  ...Object.fromEntries(FORGOTTEN.map(({ name }) => [name, 0])),
  [GuildMemberManager.name]: {
    maxSize: 0,
    keepOverLimit: (member: GuildMember) => member.id === member.client.user.id,
  },
  [UserManager.name]: { maxSize: 0, keepOverLimit: (user: User) => user.id === user.client.user.id },
};

/**
 * A client that keeps only what the bot reads: guilds, channels, roles and itself. Members, users and messages are not
 * cached, so that memory stays flat in a large guild. Failed requests are not repeated here: discord.js would do it
 * four times within milliseconds, and the outbox does it with patience.
 */
export const makeClient = (config: AppConfigShape): Client =>
  new Client({
    intents: [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMembers, GatewayIntentBits.GuildMessages],
    partials: [Partials.GuildMember, Partials.Message, Partials.User, Partials.Channel],
    allowedMentions: { parse: [] },
    failIfNotExists: false,
    rest: {
      ...Option.match(config.discord.apiBase, {
        onNone: () => ({}),
        onSome: (api) => ({ api, cdn: cdnOf(config) }),
      }),
      retries: 0,
      timeout: 15_000,
      globalRequestsPerSecond: config.discord.requestsPerSecond,
    },
    makeCache: Options.cacheWithLimits(limits),
  });
