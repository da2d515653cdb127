import { Clock, Context, Effect, Queue, Stream } from "effect";
import { PERMISSION_NAMES, type PermissionName } from "../../domain/DiscordPermission.js";
import {
  ChannelId,
  createdAt,
  type GuildId,
  type InteractionId,
  MessageId,
  Millis,
  type RoleId,
  snowflakeAt,
  UserId,
} from "../../domain/Ids.js";
import type { Member } from "../../domain/Person.js";
import type { DiscordShape, PostedMessage } from "../Discord.js";
import { DEFAULT_CDN } from "./Client.js";
import {
  CannotMessageUser,
  type DiscordError,
  InteractionGone,
  MissingPermission,
  RoleHierarchy,
  UnknownTarget,
} from "./Errors.js";
import type { DiscordEvent } from "./Events.js";
import type { ChannelHealth, RoleHealth } from "./Guild.js";
import type { Callback, Interaction, MessagePayload } from "./Interaction.js";

/** What the bot asked Discord for, and when. */
export type Call = { readonly at: number } & (
  | { readonly _tag: "respond"; readonly interaction: Interaction; readonly callback: Callback }
  | { readonly _tag: "editResponse"; readonly interaction: Interaction; readonly payload: MessagePayload }
  | { readonly _tag: "followUp"; readonly interaction: Interaction; readonly payload: MessagePayload }
  | {
      readonly _tag: "sendMessage";
      readonly channelId: ChannelId;
      readonly payload: MessagePayload;
      readonly nonce: string;
    }
  | {
      readonly _tag: "editMessage";
      readonly channelId: ChannelId;
      readonly messageId: MessageId;
      readonly payload: MessagePayload;
    }
  | { readonly _tag: "deleteMessage"; readonly channelId: ChannelId; readonly messageId: MessageId }
  | { readonly _tag: "pinMessage"; readonly channelId: ChannelId; readonly messageId: MessageId }
  | { readonly _tag: "pinnedByMe"; readonly channelId: ChannelId }
  | { readonly _tag: "mineSince"; readonly channelId: ChannelId; readonly sinceMillis: number }
  | { readonly _tag: "openDm"; readonly userId: UserId }
  | {
      readonly _tag: "addRole";
      readonly guildId: GuildId;
      readonly userId: UserId;
      readonly roleId: RoleId;
      readonly reason: string;
    }
  | {
      readonly _tag: "roleChangedBy";
      readonly guildId: GuildId;
      readonly userId: UserId;
      readonly roleId: RoleId;
    }
  | {
      readonly _tag: "membersAfter";
      readonly guildId: GuildId;
      readonly after: UserId | null;
      readonly limit: number;
    }
  | { readonly _tag: "isMember"; readonly guildId: GuildId; readonly userId: UserId }
  | { readonly _tag: "user"; readonly userId: UserId }
  | { readonly _tag: "members"; readonly guildId: GuildId; readonly userIds: ReadonlyArray<UserId> }
  | { readonly _tag: "member"; readonly guildId: GuildId; readonly userId: UserId }
  | {
      readonly _tag: "bulkBan";
      readonly guildId: GuildId;
      readonly userIds: ReadonlyArray<UserId>;
      readonly reason: string;
    }
  | { readonly _tag: "isBanned"; readonly guildId: GuildId; readonly userId: UserId }
  | { readonly _tag: "kick"; readonly guildId: GuildId; readonly userId: UserId; readonly reason: string }
);
export type Operation = Call["_tag"];
export type CallOf<O extends Operation> = Extract<Call, { readonly _tag: O }>;
type Asked = Call extends infer C ? (C extends Call ? Omit<C, "at"> : never) : never;

/** How a call ends that a test has something in mind for. */
export type Outcome =
  /** Nothing happens, and the bot is told why. */
  | { readonly _tag: "Refused"; readonly error: DiscordError }
  /** It happens, but the bot hears an error instead. */
  | { readonly _tag: "AnswerLost"; readonly error: DiscordError }
  /** It happens, and the bot hears of it only after a while. */
  | { readonly _tag: "Late"; readonly millis: number }
  /** It happens, and the bot never hears of it. */
  | { readonly _tag: "NoAnswer" };

export interface FakeMessage {
  readonly id: MessageId;
  readonly at: number;
  readonly nonce: string;
  readonly payload: MessagePayload;
  readonly pinned: boolean;
}

/** A guild as the bot sees it. Channels, roles and members that are not named do not exist. */
export interface FakeGuild {
  readonly id: GuildId;
  readonly name: string;
  readonly available?: boolean;
  /** Somebody whom no test speaks of, if nobody is named. */
  readonly ownerId?: UserId;
  readonly channels?: ReadonlyArray<readonly [ChannelId, ChannelHealth]>;
  readonly roles?: ReadonlyArray<readonly [RoleId, RoleHealth]>;
  readonly members?: ReadonlyArray<UserId>;
  /** Rights of the bot that are missing in the whole guild. */
  readonly lacks?: ReadonlyArray<PermissionName>;
  /** People whose role stands above the bot's. */
  readonly aboveBot?: ReadonlyArray<UserId>;
  /** Roles whose mention pings nobody. */
  readonly silentRoles?: ReadonlyArray<RoleId>;
}

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

/** Discord remembers nonces 'for some minutes'; the fake for the shortest time that could mean. */
const NONCE_MEMORY_MILLIS = 120_000;

const NOBODY = UserId.make("100000000000000001");

interface World {
  readonly facts: FakeGuild;
  readonly channels: ReadonlyMap<ChannelId, ChannelHealth>;
  readonly roles: ReadonlyMap<RoleId, RoleHealth>;
  readonly members: Map<UserId, Set<RoleId>>;
  readonly described: Map<UserId, Member>;
  readonly bans: Set<UserId>;
  readonly joined: Map<UserId, Millis>;
}

/** Somebody of whom a test has said nothing but that they are there. */
const memberOf = (id: UserId): Member => ({
  id,
  username: "robin",
  displayName: "Robin",
  avatarUrl: `${DEFAULT_CDN}/embed/avatars/0.png`,
  bot: false,
  roles: [],
  permissions: 0n,
  joinedAt: null,
});

const posted = ({ id, at, payload }: FakeMessage): PostedMessage => ({
  id,
  at,
  content: payload.content ?? "",
  raw: JSON.stringify({ id, ...payload }),
});

const ofTag =
  <O extends Operation>(operation: O) =>
  (call: Call): call is CallOf<O> =>
    call._tag === operation;

/** A Discord in memory: it keeps what the bot does, refuses what Discord would, and fails where a test says so. */
export const make = Effect.gen(function* () {
  const interactions = yield* Queue.unbounded<Interaction>();
  const events = yield* Queue.unbounded<DiscordEvent>();
  const guilds = new Map<GuildId, World>();
  const channels = new Map<ChannelId, Array<FakeMessage>>();
  const dms = new Map<UserId, ChannelId>();
  const closed = new Set<UserId>();
  const answered = new Set<InteractionId>();
  const scripts = new Map<Operation, Array<Outcome>>();
  const calls: Array<Call> = [];
  let connected = true;
  let roleActor: UserId | "the bot" | null = null;
  let ids = 0;

  const freshId = Effect.map(
    Clock.currentTimeMillis,
    (now) => `${BigInt(snowflakeAt(now)) + BigInt((ids += 1))}`,
  );

  /** Records a call and lets it end as the test has said. */
  const perform = <A>(asked: Asked, happen: Effect.Effect<A, DiscordError>): Effect.Effect<A, DiscordError> =>
    Effect.gen(function* () {
      calls.push({ ...asked, at: yield* Clock.currentTimeMillis });
      const outcome = scripts.get(asked._tag)?.shift();
      if (outcome?._tag === "Refused") return yield* Effect.fail(outcome.error);
      const result = yield* happen;
      if (outcome?._tag === "AnswerLost") return yield* Effect.fail(outcome.error);
      if (outcome?._tag === "Late") yield* Effect.sleep(outcome.millis);
      return outcome?._tag === "NoAnswer" ? yield* Effect.never : result;
    });

  const channel = (id: ChannelId) =>
    Effect.suspend(() => {
      const found = channels.get(id);
      return found === undefined
        ? Effect.fail(new UnknownTarget({ target: "channel" }))
        : Effect.succeed(found);
    });

  const changeMessage = (
    channelId: ChannelId,
    id: MessageId,
    change: (message: FakeMessage) => FakeMessage,
  ) =>
    Effect.gen(function* () {
      const messages = yield* channel(channelId);
      const index = messages.findIndex((message) => message.id === id);
      const message = messages[index];
      if (message === undefined) return yield* new UnknownTarget({ target: "message" });
      messages[index] = change(message);
    });

  const post = (channelId: ChannelId, payload: MessagePayload, nonce: string) =>
    Effect.gen(function* () {
      const at = yield* Clock.currentTimeMillis;
      const messages = yield* channel(channelId);
      const owner = [...dms].find(([, id]) => id === channelId)?.[0];
      if (owner !== undefined && closed.has(owner)) return yield* new CannotMessageUser();
      const same = messages.find(
        (message) => message.nonce === nonce && at - message.at <= NONCE_MEMORY_MILLIS,
      );
      if (same !== undefined) return same.id;
      const id = MessageId.make(yield* freshId);
      messages.push({ id, at, nonce, payload, pinned: false });
      return id;
    });

  const described = (guildId: GuildId, id: UserId): Member | null => {
    const guild = guilds.get(guildId);
    const roles = guild?.members.get(id);
    if (guild === undefined || roles === undefined) return null;
    const known = guild.described.get(id) ?? memberOf(id);
    return { ...known, roles: [...known.roles, ...roles] };
  };

  const member = (guildId: GuildId, userId: UserId) =>
    Effect.gen(function* () {
      const guild = guilds.get(guildId);
      if (guild === undefined) return yield* new UnknownTarget({ target: "guild" });
      const roles = guild.members.get(userId);
      if (roles === undefined) return yield* new UnknownTarget({ target: "member" });
      return { guild, roles };
    });

  const healthOf = (
    guildId: GuildId,
    channelId: ChannelId,
    needs: ReadonlyArray<PermissionName>,
  ): ChannelHealth => {
    const health = guilds.get(guildId)?.channels.get(channelId);
    if (health === undefined) {
      return {
        _tag: [...guilds.values()].some((guild) => guild.channels.has(channelId)) ? "Elsewhere" : "Missing",
      };
    }
    if (health._tag !== "Lacks") return health;
    const needed = needs.map((name) => PERMISSION_NAMES[name]);
    const lacking = health.permissions.filter((name) => needed.some((wanted) => wanted === name));
    return lacking.length === 0 ? { _tag: "Ok", name: health.name } : { ...health, permissions: lacking };
  };

  const requireRight = ({ facts }: World, permission: PermissionName) =>
    facts.lacks?.includes(permission) === true
      ? Effect.fail(new MissingPermission({ permission: PERMISSION_NAMES[permission] }))
      : Effect.void;

  const addRole = (guildId: GuildId, userId: UserId, roleId: RoleId) =>
    Effect.gen(function* () {
      const { guild, roles } = yield* member(guildId, userId);
      yield* requireRight(guild, "ManageRoles");
      const role = guild.roles.get(roleId);
      if (role === undefined || role._tag === "Missing") return yield* new UnknownTarget({ target: "role" });
      if (role._tag === "AboveBot") return yield* new RoleHierarchy({ subject: "role", name: role.name });
      if (role._tag !== "Ok")
        return yield* new MissingPermission({ permission: PERMISSION_NAMES.ManageRoles });
      roles.add(roleId);
    });

  /** A first answer comes once, and everything else after it. */
  const firstAnswer = ({ id }: Interaction) =>
    Effect.suspend(() => {
      if (answered.has(id)) return Effect.fail(new InteractionGone({ code: 40060 }));
      answered.add(id);
      return Effect.void;
    });
  const laterAnswer = ({ id }: Interaction) =>
    Effect.suspend(() =>
      answered.has(id) ? Effect.void : Effect.fail(new UnknownTarget({ target: "webhook" })),
    );

  const discord: DiscordShape = {
    interactions: Stream.fromQueue(interactions, { maxChunkSize: 1 }),
    events: Stream.fromQueue(events, { maxChunkSize: 1 }),
    login: Effect.void,
    self: Effect.succeed({ tag: "Pawtropolis#0000", guilds: 1 }),
    health: Effect.sync(() => ({ connected, pingMillis: connected ? 42 : null, lastEvent: null })),
    cdn: DEFAULT_CDN,
    respond: (interaction, callback) =>
      perform({ _tag: "respond", interaction, callback }, firstAnswer(interaction)),
    editResponse: (interaction, payload) =>
      perform({ _tag: "editResponse", interaction, payload }, laterAnswer(interaction)),
    followUp: (interaction, payload) =>
      perform({ _tag: "followUp", interaction, payload }, laterAnswer(interaction)),
    sendMessage: (channelId, payload, { nonce }) =>
      perform({ _tag: "sendMessage", channelId, payload, nonce }, post(channelId, payload, nonce)),
    editMessage: (channelId, messageId, payload) =>
      perform(
        { _tag: "editMessage", channelId, messageId, payload },
        changeMessage(channelId, messageId, (message) => ({ ...message, payload })),
      ),
    deleteMessage: (channelId, messageId) =>
      perform(
        { _tag: "deleteMessage", channelId, messageId },
        Effect.flatMap(channel(channelId), (messages) => {
          const index = messages.findIndex(({ id }) => id === messageId);
          if (index < 0) return Effect.fail(new UnknownTarget({ target: "message" }));
          messages.splice(index, 1);
          return Effect.void;
        }),
      ),
    pinMessage: (channelId, messageId) =>
      perform(
        { _tag: "pinMessage", channelId, messageId },
        changeMessage(channelId, messageId, (message) => ({ ...message, pinned: true })),
      ),
    pinnedByMe: (channelId) =>
      perform(
        { _tag: "pinnedByMe", channelId },
        Effect.map(channel(channelId), (messages) => messages.filter(({ pinned }) => pinned).map(posted)),
      ),
    mineSince: (channelId, sinceMillis) =>
      perform(
        { _tag: "mineSince", channelId, sinceMillis },
        Effect.map(channel(channelId), (messages) =>
          messages
            .filter(({ at }) => at >= sinceMillis)
            .slice(0, 100)
            .map(posted),
        ),
      ),
    openDm: (userId) =>
      perform(
        { _tag: "openDm", userId },
        Effect.gen(function* () {
          const id = dms.get(userId) ?? ChannelId.make(yield* freshId);
          dms.set(userId, id);
          if (!channels.has(id)) channels.set(id, []);
          return id;
        }),
      ),
    addRole: (guildId, userId, roleId, reason) =>
      perform({ _tag: "addRole", guildId, userId, roleId, reason }, addRole(guildId, userId, roleId)),
    roleChangedBy: (guildId, userId, roleId) =>
      perform(
        { _tag: "roleChangedBy", guildId, userId, roleId },
        Effect.sync(() => roleActor),
      ),
    membersAfter: (guildId, after, limit) =>
      perform(
        { _tag: "membersAfter", guildId, after, limit },
        Effect.suspend(() => {
          const guild = guilds.get(guildId);
          if (guild === undefined) return Effect.fail(new UnknownTarget({ target: "guild" }));
          const ids = [...guild.members.keys()].sort((one, other) => (BigInt(one) < BigInt(other) ? -1 : 1));
          return Effect.succeed(
            ids
              .filter((id) => BigInt(id) > BigInt(after ?? "0"))
              .slice(0, limit)
              .map((id) => ({
                id,
                bot: false,
                joinedAt: guild.joined.get(id) ?? Millis.make(createdAt(id)),
              })),
          );
        }),
      ),
    isMember: (guildId, userId) =>
      perform(
        { _tag: "isMember", guildId, userId },
        Effect.sync(() => guilds.get(guildId)?.members.has(userId) === true),
      ),
    user: (userId) =>
      perform(
        { _tag: "user", userId },
        Effect.succeed({
          id: userId,
          username: "robin",
          displayName: "Robin",
          avatarUrl: `${DEFAULT_CDN}/avatars/${userId}/now.png?size=256`,
          bot: false,
        }),
      ),
    members: (guildId, userIds) =>
      perform(
        { _tag: "members", guildId, userIds },
        Effect.sync(
          () =>
            new Map(
              userIds.flatMap((id) => {
                const found = described(guildId, id);
                return found === null ? [] : [[id, found] as const];
              }),
            ),
        ),
      ),
    member: (guildId, userId) =>
      perform(
        { _tag: "member", guildId, userId },
        Effect.sync(() => described(guildId, userId)),
      ),
    bulkBan: (guildId, userIds, reason) =>
      perform(
        { _tag: "bulkBan", guildId, userIds, reason },
        Effect.gen(function* () {
          const guild = guilds.get(guildId);
          if (guild === undefined) return yield* new UnknownTarget({ target: "guild" });
          yield* requireRight(guild, "BanMembers");
          yield* requireRight(guild, "ManageGuild");
          const failed = userIds.filter((id) => guild.bans.has(id) || guild.facts.aboveBot?.includes(id));
          for (const id of userIds) {
            if (failed.includes(id)) continue;
            guild.members.delete(id);
            guild.bans.add(id);
          }
          return failed;
        }),
      ),
    isBanned: (guildId, userId) =>
      perform(
        { _tag: "isBanned", guildId, userId },
        Effect.sync(() => guilds.get(guildId)?.bans.has(userId) === true),
      ),
    kick: (guildId, userId, reason) =>
      perform(
        { _tag: "kick", guildId, userId, reason },
        Effect.gen(function* () {
          const { guild } = yield* member(guildId, userId);
          yield* requireRight(guild, "KickMembers");
          guild.members.delete(userId);
        }),
      ),
    guildIds: Effect.sync(() => [...guilds.keys()]),
    guild: (guildId) =>
      Effect.sync(() => {
        const guild = guilds.get(guildId);
        if (guild === undefined) return null;
        const { id, name, available = true, ownerId = NOBODY } = guild.facts;
        return { id, name, available, ownerId, memberCount: guild.members.size };
      }),
    channelHealth: (guildId, channelId, needs) => Effect.sync(() => healthOf(guildId, channelId, needs)),
    roleHealth: (guildId, roleId) =>
      Effect.sync(() => guilds.get(guildId)?.roles.get(roleId) ?? { _tag: "Missing" }),
    mentionable: (guildId, roleId) =>
      Effect.sync(() => guilds.get(guildId)?.facts.silentRoles?.includes(roleId) !== true),
    lacks: (guildId, permission) =>
      Effect.sync(() => guilds.get(guildId)?.facts.lacks?.includes(permission) === true),
  };

  const fake = DiscordFake.of({
    putGuild: (guild) =>
      Effect.sync(() => {
        guilds.set(guild.id, {
          facts: guild,
          channels: new Map(guild.channels),
          roles: new Map(guild.roles),
          members: new Map((guild.members ?? []).map((id) => [id, new Set()])),
          described: new Map(),
          bans: new Set(),
          joined: new Map(),
        });
        for (const [id, health] of guild.channels ?? []) {
          if (health._tag !== "Missing" && !channels.has(id)) channels.set(id, []);
        }
      }),
    addMember: (guildId, userId, joinedAt) =>
      Effect.sync(() => {
        guilds.get(guildId)?.members.set(userId, new Set());
        guilds.get(guildId)?.joined.set(userId, joinedAt);
      }),
    removeMember: (guildId, userId) => Effect.sync(() => void guilds.get(guildId)?.members.delete(userId)),
    removeGuild: (id) => Effect.sync(() => void guilds.delete(id)),
    closeDms: (userId) => Effect.sync(() => void closed.add(userId)),
    script: (operation, ...outcomes) =>
      Effect.sync(() => void scripts.set(operation, [...(scripts.get(operation) ?? []), ...outcomes])),
    unscript: Effect.sync(() => scripts.clear()),
    setRoleActor: (by) => Effect.sync(() => void (roleActor = by)),
    setHealth: (health) => Effect.sync(() => void ({ connected } = health)),
    calls: Effect.sync(() => [...calls]),
    callsOf: (operation) => Effect.sync(() => calls.filter(ofTag(operation))),
    messages: (channelId) => Effect.sync(() => [...(channels.get(channelId) ?? [])]),
    directMessages: (userId) =>
      Effect.sync(() => {
        const id = dms.get(userId);
        return id === undefined ? [] : [...(channels.get(id) ?? [])];
      }),
    deleteMessage: (channelId, messageId) =>
      Effect.sync(
        () =>
          void channels.set(
            channelId,
            (channels.get(channelId) ?? []).filter(({ id }) => id !== messageId),
          ),
      ),
    putMember: (guildId, described) =>
      Effect.sync(() => {
        const guild = guilds.get(guildId);
        guild?.members.set(described.id, new Set());
        guild?.described.set(described.id, described);
      }),
    bansOf: (guildId) => Effect.sync(() => [...(guilds.get(guildId)?.bans ?? [])]),
    unpin: (channelId, messageId) =>
      Effect.orDie(changeMessage(channelId, messageId, (message) => ({ ...message, pinned: false }))),
    rolesOf: (guildId, userId) =>
      Effect.sync(() => {
        const roles = guilds.get(guildId)?.members.get(userId);
        return roles === undefined ? null : [...roles];
      }),
    interact: (interaction) => Effect.asVoid(Queue.offer(interactions, interaction)),
    emit: (event) => Effect.asVoid(Queue.offer(events, event)),
  });

  return { discord, fake };
});
