import { Client, GatewayIntentBits, Options, Partials } from "discord.js";
import type { AppConfigShape } from "../Config.js";
import { Option } from "effect";

export const DEFAULT_CDN = "https://cdn.discordapp.com";

/** Where avatars come from; the sandbox serves them beside its API. */
export const cdnOf = (config: AppConfigShape): string =>
  Option.match(config.discord.apiBase, {
    onNone: () => DEFAULT_CDN,
    onSome: (api) => api.replace(/\/api\/?$/, "/cdn"),
  });

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
    makeCache: Options.cacheWithLimits({
      ...Options.DefaultMakeCacheSettings,
      ApplicationCommandManager: 0,
      ApplicationEmojiManager: 0,
      AutoModerationRuleManager: 0,
      BaseGuildEmojiManager: 0,
      DMMessageManager: 0,
      EntitlementManager: 0,
      GuildBanManager: 0,
      GuildEmojiManager: 0,
      GuildForumThreadManager: 0,
      GuildInviteManager: 0,
      GuildMemberManager: { maxSize: 0, keepOverLimit: (member) => member.id === member.client.user.id },
      GuildMessageManager: 0,
      GuildScheduledEventManager: 0,
      GuildStickerManager: 0,
      GuildTextThreadManager: 0,
      MessageManager: 0,
      PresenceManager: 0,
      ReactionManager: 0,
      ReactionUserManager: 0,
      StageInstanceManager: 0,
      ThreadManager: 0,
      ThreadMemberManager: 0,
      UserManager: { maxSize: 0, keepOverLimit: (user) => user.id === user.client.user.id },
      VoiceStateManager: 0,
    }),
  });
