import { Context, Effect, Queue, Stream } from "effect";
import type { ChannelId, GuildId, MessageId, Millis, RoleId, UserId } from "../../domain/Ids.js";
import type { Member } from "../../domain/Person.js";
import type { DiscordShape } from "../Discord.js";
import { DEFAULT_CDN } from "./Client.js";
import type { DiscordEvent } from "./Events.js";
import { makeAnswers } from "./fake/Answers.js";
import { type Call, type CallOf, makeCalls, type Operation, type Outcome } from "./fake/Calls.js";
import { type FakeGuild, makeGuilds } from "./fake/Guilds.js";
import { makeMembers } from "./fake/Members.js";
import { type FakeMessage, makeMessages } from "./fake/Messages.js";
import type { Interaction } from "./Interaction.js";

/** What a test may ask and do, beside `Discord`. */
export class DiscordFake extends Context.Tag("app/DiscordFake")<
  DiscordFake,
  {
    /** Adds a guild, or replaces what was known of it. */
    readonly putGuild: (guild: FakeGuild) => Effect.Effect<void>;
    /** Changes who is there without a word to the bot. Who is not added has been there since the account exists. */
    readonly addMember: (guildId: GuildId, userId: UserId, joinedAt: Millis) => Effect.Effect<void>;
    readonly removeMember: (guildId: GuildId, userId: UserId) => Effect.Effect<void>;
    readonly removeGuild: (id: GuildId) => Effect.Effect<void>;
    /** This person takes no direct messages from the bot. */
    readonly closeDms: (userId: UserId) => Effect.Effect<void>;
    /** How the next calls of an operation end, one outcome a call; later ones go well again. */
    readonly script: (operation: Operation, ...outcomes: ReadonlyArray<Outcome>) => Effect.Effect<void>;
    /** Every call goes well from now on. */
    readonly unscript: Effect.Effect<void>;
    /** Who the audit log says has changed roles. */
    readonly setRoleActor: (by: UserId | "the bot" | null) => Effect.Effect<void>;
    readonly setHealth: (health: { readonly connected: boolean }) => Effect.Effect<void>;
    /** Everything the bot asked for, in order; refused calls too. */
    readonly calls: Effect.Effect<ReadonlyArray<Call>>;
    readonly callsOf: <O extends Operation>(operation: O) => Effect.Effect<ReadonlyArray<CallOf<O>>>;
    /** The bot's messages in a channel as they are now, oldest first. */
    readonly messages: (channelId: ChannelId) => Effect.Effect<ReadonlyArray<FakeMessage>>;
    readonly directMessages: (userId: UserId) => Effect.Effect<ReadonlyArray<FakeMessage>>;
    readonly deleteMessage: (channelId: ChannelId, messageId: MessageId) => Effect.Effect<void>;
    /** Somebody is in a guild from now on, as they are described. */
    readonly putMember: (guildId: GuildId, member: Member) => Effect.Effect<void>;
    readonly bansOf: (guildId: GuildId) => Effect.Effect<ReadonlyArray<UserId>>;
    readonly unpin: (channelId: ChannelId, messageId: MessageId) => Effect.Effect<void>;
    /** The roles a member has got; `null` for somebody who is not in the guild. */
    readonly rolesOf: (guildId: GuildId, userId: UserId) => Effect.Effect<ReadonlyArray<RoleId> | null>;
    readonly interact: (interaction: Interaction) => Effect.Effect<void>;
    readonly emit: (event: DiscordEvent) => Effect.Effect<void>;
  }
>() {}

/** A Discord in memory: it keeps what the bot does, refuses what Discord would, and fails where a test says so. */
export const make = Effect.gen(function* () {
  const interactions = yield* Queue.unbounded<Interaction>();
  const events = yield* Queue.unbounded<DiscordEvent>();
  const calls = makeCalls();
  const messages = makeMessages(calls);
  const guilds = makeGuilds(messages.open);
  const members = makeMembers(calls, guilds);
  let connected = true;

  const discord: DiscordShape = {
    ...makeAnswers(calls),
    ...messages.discord,
    ...guilds.discord,
    ...members.discord,
    interactions: Stream.fromQueue(interactions, { maxChunkSize: 1 }),
    events: Stream.fromQueue(events, { maxChunkSize: 1 }),
    login: Effect.void,
    self: Effect.succeed({ tag: "Pawtropolis#0000", guilds: 1 }),
    health: Effect.sync(() => ({ connected, pingMillis: connected ? 42 : null, lastEvent: null })),
    cdn: DEFAULT_CDN,
  };

  const fake = DiscordFake.of({
    ...calls.fake,
    ...messages.fake,
    ...guilds.fake,
    ...members.fake,
    setHealth: (health) => Effect.sync(() => void ({ connected } = health)),
    interact: (interaction) => Effect.asVoid(Queue.offer(interactions, interaction)),
    emit: (event) => Effect.asVoid(Queue.offer(events, event)),
  });

  return { discord, fake };
});
