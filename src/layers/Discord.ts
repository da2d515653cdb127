import { Events } from "discord.js";
import {
  Context,
  Deferred,
  Duration,
  Effect,
  Exit,
  Layer,
  type Option,
  Queue,
  Redacted,
  Schema,
  Stream,
} from "effect";
import { AppConfig } from "./Config.js";
import { makeClient } from "./discord/Client.js";
import type { DiscordError } from "./discord/Errors.js";
import type { DiscordEvent } from "./discord/Events.js";
import * as Fake from "./discord/Fake.js";
import type { ChannelFacts, ChannelHealth, GuildFacts, RoleFacts, RoleHealth } from "./discord/Guild.js";
import type { Callback, Interaction, MessagePayload } from "./discord/Interaction.js";
import { listen } from "./discord/Listen.js";
import { type GatewayNews, observe } from "./discord/Observe.js";
import { operations } from "./discord/Operations.js";
import { Lifecycle, LostForGood, STOP } from "./Lifecycle.js";
import type { PermissionName } from "../domain/DiscordPermission.js";
import type { ChannelId, GuildId, MessageId, Millis, RoleId, UserId } from "../domain/Ids.js";
import type { Member, Person } from "../domain/Person.js";

/** The bot could not sign in; `problem` says why and what to do. */
export class DiscordLoginFailed extends Schema.TaggedError<DiscordLoginFailed>()("DiscordLoginFailed", {
  problem: Schema.String,
}) {
  override get message() {
    return `Cannot sign in to Discord: ${this.problem}`;
  }
}

export interface DiscordHealth {
  readonly connected: boolean;
  /** Round trip of the last heartbeat in milliseconds, or `null` before the first. */
  readonly pingMillis: number | null;
  /** What the gateway sent last, or `null` before the first. */
  readonly lastEvent: GatewayNews | null;
}

/** How a message is kept from being posted twice. */
export interface Once {
  /** At most 25 characters; Discord answers a second post with the same one by the first message, for some minutes. */
  readonly nonce: string;
}

export interface PostedMessage {
  readonly id: MessageId;
  readonly at: number;
  /** Its text, without embeds. */
  readonly content: string;
  /** The message as Discord gave it, as text: for finding a marker in it. */
  readonly raw: string;
}

/** What a list of members says of one of them. */
export interface GuildMember {
  readonly id: UserId;
  readonly bot: boolean;
  readonly roles: ReadonlyArray<RoleId>;
  readonly joinedAt: Millis | null;
}

/** Everything the bot does on Discord and hears from it. Values of discord.js do not leave this room. */
export interface DiscordShape {
  readonly interactions: Stream.Stream<Interaction>;
  readonly events: Stream.Stream<DiscordEvent>;
  /** Connects; interactions and events flow from here on. */
  readonly login: Effect.Effect<void, DiscordLoginFailed>;
  readonly health: Effect.Effect<DiscordHealth>;
  /** Who the bot is, and in how many guilds; after `login`. */
  readonly self: Effect.Effect<{ readonly tag: string; readonly guilds: number }>;
  readonly cdn: string;

  readonly respond: (interaction: Interaction, callback: Callback) => Effect.Effect<void, DiscordError>;
  readonly editResponse: (
    interaction: Interaction,
    payload: MessagePayload,
  ) => Effect.Effect<void, DiscordError>;
  readonly followUp: (interaction: Interaction, payload: MessagePayload) => Effect.Effect<void, DiscordError>;

  readonly sendMessage: (
    channelId: ChannelId,
    payload: MessagePayload,
    once: Once,
  ) => Effect.Effect<MessageId, DiscordError>;
  readonly editMessage: (
    channelId: ChannelId,
    messageId: MessageId,
    payload: MessagePayload,
  ) => Effect.Effect<void, DiscordError>;
  readonly deleteMessage: (channelId: ChannelId, messageId: MessageId) => Effect.Effect<void, DiscordError>;
  readonly pinMessage: (channelId: ChannelId, messageId: MessageId) => Effect.Effect<void, DiscordError>;
  readonly pinnedByMe: (channelId: ChannelId) => Effect.Effect<ReadonlyArray<PostedMessage>, DiscordError>;
  /**
   * A message of the bot's own that was posted since a moment. Looks right after that moment, where a process that died
   * would have left it, and then from the newest message backwards, a thousand messages in all.
   */
  readonly findMine: (
    channelId: ChannelId,
    sinceMillis: number,
    isIt: (message: PostedMessage) => boolean,
  ) => Effect.Effect<Option.Option<PostedMessage>, DiscordError>;
  /**
   * The messages of a channel from one on, whoever wrote them, oldest first; at most 100. Where the bot may not read the
   * history, Discord shows none.
   */
  readonly messagesFrom: (
    channelId: ChannelId,
    first: MessageId,
  ) => Effect.Effect<ReadonlyArray<MessageId>, DiscordError>;
  /** The channel of direct messages with somebody. */
  readonly openDm: (userId: UserId) => Effect.Effect<ChannelId, DiscordError>;
  readonly addRole: (
    guildId: GuildId,
    userId: UserId,
    roleId: RoleId,
    reason: string,
  ) => Effect.Effect<void, DiscordError>;
  /** Who last gave or took this role of this member, as far as the server's audit log says; `null` where it does not. */
  readonly roleChangedBy: (
    guildId: GuildId,
    userId: UserId,
    roleId: RoleId,
  ) => Effect.Effect<UserId | "the bot" | null, DiscordError>;
  /** The members of a guild in pages, by their ids; the last page holds fewer than `limit`, which is at most 1 000. */
  readonly membersAfter: (
    guildId: GuildId,
    after: UserId | null,
    limit: number,
  ) => Effect.Effect<ReadonlyArray<GuildMember>, DiscordError>;
  readonly isMember: (guildId: GuildId, userId: UserId) => Effect.Effect<boolean, DiscordError>;
  /** Anybody with an account, also outside the bot's guilds; called by their own name. */
  readonly user: (userId: UserId) => Effect.Effect<Person, DiscordError>;
  /**
   * Those of these people who are in the guild, with their roles and rights. Asked through the gateway, a hundred at a
   * time.
   */
  readonly members: (
    guildId: GuildId,
    userIds: ReadonlyArray<UserId>,
  ) => Effect.Effect<ReadonlyMap<UserId, Member>, DiscordError>;
  /** Somebody in a guild, with their roles and rights, as Discord says now; `null` for somebody who is not in it. */
  readonly member: (guildId: GuildId, userId: UserId) => Effect.Effect<Member | null, DiscordError>;
  /** Bans at most 200 people and keeps their messages. @returns whom Discord did not ban, also because they are. */
  readonly bulkBan: (
    guildId: GuildId,
    userIds: ReadonlyArray<UserId>,
    reason: string,
  ) => Effect.Effect<ReadonlyArray<UserId>, DiscordError>;
  readonly isBanned: (guildId: GuildId, userId: UserId) => Effect.Effect<boolean, DiscordError>;
  readonly kick: (guildId: GuildId, userId: UserId, reason: string) => Effect.Effect<void, DiscordError>;

  /** The guilds that the bot is in; from the cache. */
  readonly guildIds: Effect.Effect<ReadonlyArray<GuildId>>;
  /** From the cache: `null` where the bot is not (or no longer) in the guild. */
  readonly guild: (guildId: GuildId) => Effect.Effect<GuildFacts | null>;
  /** The text channels as Discord lists them, each with those of `asked` that the bot lacks in it; from the cache. */
  readonly channels: (
    guildId: GuildId,
    asked: ReadonlyArray<PermissionName>,
  ) => Effect.Effect<ReadonlyArray<ChannelFacts>>;
  /** All roles, the highest first; from the cache. */
  readonly roles: (guildId: GuildId) => Effect.Effect<ReadonlyArray<RoleFacts>>;
  readonly channelHealth: (
    guildId: GuildId,
    channelId: ChannelId,
    needs: ReadonlyArray<PermissionName>,
  ) => Effect.Effect<ChannelHealth>;
  readonly roleHealth: (guildId: GuildId, roleId: RoleId) => Effect.Effect<RoleHealth>;
  /** Whether a mention of this role by the bot would ping its holders. */
  readonly mentionable: (guildId: GuildId, roleId: RoleId) => Effect.Effect<boolean>;
  readonly lacks: (guildId: GuildId, permission: PermissionName) => Effect.Effect<boolean>;
}

export class Discord extends Context.Tag("app/Discord")<Discord, DiscordShape>() {}

const loginProblem = (error: unknown): string => {
  const text = error instanceof Error ? `${error.name} ${error.message}` : "";
  if (/TokenInvalid|invalid token|\b401\b|\b4004\b|Authentication failed/i.test(text)) {
    return "the token was refused. Check DISCORD_TOKEN (Developer Portal, Bot, Reset Token).";
  }
  if (/disallowed intents|4014/i.test(text)) {
    return "the intents were refused. Switch on SERVER MEMBERS under Bot, Privileged Gateway Intents.";
  }
  if (/ECONNREFUSED|ENOTFOUND|EAI_AGAIN|fetch failed|timeout|ECONNRESET/i.test(text)) {
    return "Discord cannot be reached. Check the network, or DISCORD_API_BASE.";
  }
  return `${text.slice(0, 200) || "no reason was given"}.`;
};

/** What a close of the gateway means from which there is no way back. */
const closedProblem = (code: number): string =>
  `Discord closed the gateway for good (${code}): ${loginProblem(new Error(`${code}`))}`;

/** discord.js itself waits 15 s for the guilds of a slow start. */
const LOGIN_LIMIT = Duration.seconds(60);

const make = Effect.gen(function* () {
  const config = yield* AppConfig;
  const client = yield* Effect.acquireRelease(
    Effect.sync(() => makeClient(config)),
    (client) =>
      Effect.tryPromise(() => client.destroy()).pipe(
        Effect.interruptible,
        Effect.timeoutOption(STOP.gateway),
        Effect.ignoreLogged,
      ),
  );
  const interactions = yield* Queue.unbounded<Interaction>();
  const events = yield* Queue.unbounded<DiscordEvent>();
  const lastEvent = observe(client);
  const closed = yield* Deferred.make<never, LostForGood>();
  listen(client, config, interactions, events, (code) => {
    Deferred.unsafeDone(closed, Exit.fail(new LostForGood({ problem: closedProblem(code) })));
  });
  const lifecycle = yield* Lifecycle;
  const scope = yield* Effect.scope;

  return Discord.of({
    interactions: Stream.fromQueue(interactions, { maxChunkSize: 1 }),
    events: Stream.fromQueue(events, { maxChunkSize: 1 }),
    login: Effect.tryPromise({
      try: async () => {
        const ready = new Promise<void>((resolve) => {
          client.once(Events.ClientReady, () => {
            resolve();
          });
        });
        await client.login(Redacted.value(config.discord.token));
        await ready;
      },
      catch: (error) => new DiscordLoginFailed({ problem: loginProblem(error) }),
    }).pipe(
      Effect.timeoutFail({
        duration: LOGIN_LIMIT,
        onTimeout: () =>
          new DiscordLoginFailed({ problem: "Discord did not answer in time. Try again in a minute." }),
      }),
      // Before, a refusal is a start that failed.
      Effect.tap(() => Effect.forkIn(Effect.catchAll(Deferred.await(closed), lifecycle.fail), scope)),
    ),
    self: Effect.sync(() => ({ tag: client.user?.tag ?? "?", guilds: client.guilds.cache.size })),
    health: Effect.sync(() => ({
      connected: client.isReady(),
      pingMillis: client.ws.ping < 0 ? null : client.ws.ping,
      lastEvent: lastEvent(),
    })),
    ...operations(client, config),
  });
});

/** The real Discord, or whatever `DISCORD_API_BASE` points at. */
export const layer = Layer.scoped(Discord, make);

export { DiscordFake } from "./discord/Fake.js";

/** A Discord in memory for tests of handlers; `DiscordFake` is the test's side of it. */
export const layerTest: Layer.Layer<Discord | Fake.DiscordFake> = Layer.effectContext(
  Effect.map(Fake.make, ({ discord, fake }) =>
    Context.make(Discord, discord).pipe(Context.add(Fake.DiscordFake, fake)),
  ),
);
