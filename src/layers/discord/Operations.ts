import {
  type APIMessage,
  AuditLogEvent,
  type Client,
  InteractionResponseType,
  MessageFlags,
  type RESTGetAPIAuditLogResult,
  type RESTGetAPIChannelMessagesPinsResult,
  type RESTGetAPIChannelMessagesResult,
  type RESTGetAPIGuildMembersResult,
  type RESTGetAPIUserResult,
  Routes,
} from "discord.js";
import { Array as Arr, Effect, Option, Redacted, Schema } from "effect";
import { PERMISSION_NAMES } from "../../domain/DiscordPermission.js";
import { ChannelId, type GuildId, MessageId, RoleId, snowflakeAt, UserId } from "../../domain/Ids.js";
import type { AppConfigShape } from "../Config.js";
import type { DiscordShape, PostedMessage } from "../Discord.js";
import { cdnOf } from "./Client.js";
import { joinedAt, person } from "./Decode.js";
import { type DiscordError, fromDiscord, MissingPermission, RoleHierarchy } from "./Errors.js";
import { reader } from "./Guild.js";
import type { Callback, MessagePayload } from "./Interaction.js";
import { MESSAGES_A_PAGE, type Place, search } from "./Search.js";

const WithId = Schema.decodeUnknownSync(Schema.Struct({ id: Schema.String }));

const BulkBanned = Schema.decodeUnknownSync(Schema.Struct({ failed_users: Schema.Array(UserId) }));
/** Codes of Discord: of a bulk ban nobody was banned; somebody is not banned. */
const NOBODY_BANNED = 500_000;
const UNKNOWN_BAN = 10_026;
/** Discord takes so many ids in one request for members. */
const MEMBERS_A_REQUEST = 100;

/** A message as Discord takes it; nobody is mentioned but who is named. */
export const bodyOf = ({ pings = [], pingsRoles = [], ...payload }: MessagePayload) => ({
  ...payload,
  allowed_mentions: { parse: [], users: pings, roles: pingsRoles },
});

const flagged = (payload: MessagePayload, isPrivate: boolean) => ({
  ...bodyOf(payload),
  ...(isPrivate ? { flags: MessageFlags.Ephemeral } : {}),
});

const callbackBody = (
  callback: Callback,
): { readonly type: InteractionResponseType; readonly data?: unknown } => {
  switch (callback._tag) {
    case "Reply":
      return {
        type: InteractionResponseType.ChannelMessageWithSource,
        data: flagged(callback.payload, callback.private),
      };
    case "Update":
      return { type: InteractionResponseType.UpdateMessage, data: bodyOf(callback.payload) };
    case "Modal":
      return { type: InteractionResponseType.Modal, data: callback.modal };
    case "Choices":
      return {
        type: InteractionResponseType.ApplicationCommandAutocompleteResult,
        data: { choices: callback.choices },
      };
    case "Defer":
      return {
        type: InteractionResponseType.DeferredChannelMessageWithSource,
        data: callback.private ? { flags: MessageFlags.Ephemeral } : {},
      };
    case "DeferUpdate":
      return { type: InteractionResponseType.DeferredMessageUpdate };
  }
};

type Operations = Omit<DiscordShape, "interactions" | "events" | "login" | "health" | "self">;

/** The REST calls of the bot, each with the right that Discord asks for it. */
export const operations = (client: Client, config: AppConfigShape): Operations => {
  const applicationId = config.discord.clientId;
  const cdn = cdnOf(config);
  const guilds = reader(client);
  const dms = new Map<UserId, ChannelId>();

  const call = <A>(
    needed: string,
    request: (signal: AbortSignal) => Promise<A>,
  ): Effect.Effect<A, DiscordError> =>
    Effect.tryPromise({ try: request, catch: (error) => fromDiscord(error, needed) });

  const responded = (token: Redacted.Redacted) => Routes.webhookMessage(applicationId, Redacted.value(token));
  const mine = (id: string) => client.user?.id === id;
  const posted = (message: Pick<APIMessage, "id" | "timestamp" | "content">): PostedMessage => ({
    id: MessageId.make(message.id),
    content: message.content,
    at: Date.parse(message.timestamp),
    raw: JSON.stringify(message),
  });

  /** Oldest first, unlike Discord. */
  const messages = async (channelId: ChannelId, place: Place, signal: AbortSignal) => {
    const query = new URLSearchParams({ ...place, limit: `${MESSAGES_A_PAGE}` });
    const page = await client.rest.get(Routes.channelMessages(channelId), { query, signal });
    return (page as RESTGetAPIChannelMessagesResult).reverse();
  };

  /** 50013 on a role or a kick is either a missing right or the order of roles: say which. */
  const sharpen = (
    guildId: GuildId,
    permission: "ManageRoles" | "KickMembers",
    hierarchy: () => RoleHierarchy | null,
  ) =>
    Effect.mapError((error: DiscordError): DiscordError => {
      if (!(error instanceof MissingPermission) || guilds.lacks(guildId, permission)) return error;
      return hierarchy() ?? error;
    });

  return {
    cdn,
    respond: ({ id, token }, callback) =>
      Effect.asVoid(
        call("", (signal) =>
          client.rest.post(Routes.interactionCallback(id, Redacted.value(token)), {
            body: callbackBody(callback),
            auth: false,
            signal,
          }),
        ),
      ),
    editResponse: ({ token }, payload) =>
      Effect.asVoid(
        call("", (signal) =>
          client.rest.patch(responded(token), { body: bodyOf(payload), auth: false, signal }),
        ),
      ),
    followUp: ({ token }, payload) =>
      Effect.asVoid(
        call("", (signal) =>
          client.rest.post(Routes.webhook(applicationId, Redacted.value(token)), {
            body: flagged(payload, true),
            auth: false,
            signal,
          }),
        ),
      ),
    sendMessage: (channelId, payload, { nonce }) =>
      Effect.map(
        call("Send Messages", (signal) =>
          client.rest.post(Routes.channelMessages(channelId), {
            body: { ...bodyOf(payload), nonce, enforce_nonce: true },
            signal,
          }),
        ),
        (message) => MessageId.make(WithId(message).id),
      ),
    editMessage: (channelId, messageId, payload) =>
      Effect.asVoid(
        call("Send Messages", (signal) =>
          client.rest.patch(Routes.channelMessage(channelId, messageId), { body: bodyOf(payload), signal }),
        ),
      ),
    deleteMessage: (channelId, messageId) =>
      Effect.asVoid(
        call("View Channel", (signal) =>
          client.rest.delete(Routes.channelMessage(channelId, messageId), { signal }),
        ),
      ),
    pinMessage: (channelId, messageId) =>
      Effect.asVoid(
        call("Pin Messages", (signal) =>
          client.rest.put(Routes.channelMessagesPin(channelId, messageId), { signal }),
        ),
      ),
    pinnedByMe: (channelId) =>
      call("Read Message History", async (signal) => {
        const pins = await client.rest.get(Routes.channelMessagesPins(channelId), { signal });
        const { items } = pins as RESTGetAPIChannelMessagesPinsResult;
        return items.filter(({ message }) => mine(message.author.id)).map(({ message }) => posted(message));
      }),
    findMine: (channelId, since, isIt) =>
      call("Read Message History", async (signal) => {
        const found = await search(
          snowflakeAt(since),
          (query) => messages(channelId, query, signal),
          (message) => mine(message.author.id) && isIt(posted(message)),
        );
        return Option.map(Option.fromNullable(found), posted);
      }),
    messagesFrom: (channelId, first) =>
      call("Read Message History", async (signal) => {
        const page = await messages(channelId, { after: `${BigInt(first) - 1n}` }, signal);
        return page.map(({ id }) => MessageId.make(id));
      }),
    openDm: (userId) =>
      Effect.suspend(() => {
        const known = dms.get(userId);
        if (known !== undefined) return Effect.succeed(known);
        return Effect.map(
          call("", (signal) =>
            client.rest.post(Routes.userChannels(), { body: { recipient_id: userId }, signal }),
          ),
          (channel) => {
            const id = ChannelId.make(WithId(channel).id);
            if (dms.size >= 1_000) dms.clear();
            dms.set(userId, id);
            return id;
          },
        );
      }),
    addRole: (guildId, userId, roleId, reason) =>
      Effect.asVoid(
        call("Manage Roles", (signal) =>
          client.rest.put(Routes.guildMemberRole(guildId, userId, roleId), { reason, signal }),
        ),
      ).pipe(
        sharpen(guildId, "ManageRoles", () => {
          const role = guilds.role(guildId, roleId);
          return role._tag === "AboveBot" ? new RoleHierarchy({ subject: "role", name: role.name }) : null;
        }),
      ),
    roleChangedBy: (guildId, userId, roleId) =>
      Effect.map(
        call("View Audit Log", (signal) => {
          const query = new URLSearchParams({
            action_type: `${AuditLogEvent.MemberRoleUpdate}`,
            limit: "20",
          });
          return client.rest.get(Routes.guildAuditLog(guildId), { query, signal });
        }),
        (found) => {
          const { audit_log_entries: entries } = found as RESTGetAPIAuditLogResult;
          const by = entries.find(
            ({ target_id, changes }) =>
              target_id === userId && JSON.stringify(changes ?? []).includes(`"${roleId}"`),
          )?.user_id;
          return by == null ? null : mine(by) ? "the bot" : UserId.make(by);
        },
      ),
    membersAfter: (guildId, after, limit) =>
      call("", async (signal) => {
        const query = new URLSearchParams({ limit: `${limit}`, after: after ?? "0" });
        const members = await client.rest.get(Routes.guildMembers(guildId), { query, signal });
        return (members as RESTGetAPIGuildMembersResult).map((found) => ({
          id: UserId.make(found.user.id),
          bot: found.user.bot ?? false,
          roles: found.roles.map((role) => RoleId.make(role)),
          joinedAt: joinedAt(found),
        }));
      }),
    isMember: (guildId, userId) =>
      call("", (signal) => client.rest.get(Routes.guildMember(guildId, userId), { signal })).pipe(
        Effect.as(true),
        Effect.catchIf(
          (error) => error._tag === "UnknownTarget" && (error.target === "member" || error.target === "user"),
          () => Effect.succeed(false),
        ),
      ),
    user: (userId) =>
      Effect.map(
        call("", (signal) => client.rest.get(Routes.user(userId), { signal })),
        (found) => person(cdn, found as RESTGetAPIUserResult),
      ),
    kick: (guildId, userId, reason) =>
      Effect.asVoid(
        call("Kick Members", (signal) =>
          client.rest.delete(Routes.guildMember(guildId, userId), { reason, signal }),
        ),
      ).pipe(
        sharpen(guildId, "KickMembers", () => new RoleHierarchy({ subject: "member", name: "this member" })),
      ),
    members: (guildId, userIds) =>
      Effect.map(
        Effect.forEach(
          Arr.chunksOf(userIds, MEMBERS_A_REQUEST),
          (some) => call("", () => guilds.members(guildId, some, cdn)),
          { concurrency: 4 },
        ),
        (found) => new Map(found.flat().map((member) => [member.id, member])),
      ),
    member: (guildId, userId) =>
      Effect.catchIf(
        call("", () => guilds.member(guildId, userId, cdn)),
        (error) => error._tag === "UnknownTarget" && (error.target === "member" || error.target === "user"),
        () => Effect.succeed(null),
      ),
    bulkBan: (guildId, userIds, reason) =>
      call("Ban Members", (signal) =>
        client.rest.post(Routes.guildBulkBan(guildId), {
          body: { user_ids: userIds, delete_message_seconds: 0 },
          reason,
          signal,
        }),
      ).pipe(
        Effect.map((answer) => BulkBanned(answer).failed_users),
        Effect.catchIf(
          (error) => error._tag === "DiscordRefused" && error.code === NOBODY_BANNED,
          () => Effect.succeed(userIds),
        ),
        Effect.mapError((error) =>
          error._tag === "MissingPermission" && guilds.lacks(guildId, "ManageGuild")
            ? new MissingPermission({ permission: PERMISSION_NAMES.ManageGuild })
            : error,
        ),
      ),
    isBanned: (guildId, userId) =>
      call("Ban Members", (signal) => client.rest.get(Routes.guildBan(guildId, userId), { signal })).pipe(
        Effect.as(true),
        Effect.catchIf(
          (error) => error._tag === "DiscordRefused" && error.code === UNKNOWN_BAN,
          () => Effect.succeed(false),
        ),
      ),
    guildIds: Effect.sync(() => guilds.ids()),
    guild: (guildId) => Effect.sync(() => guilds.facts(guildId)),
    channels: (guildId, asked) => Effect.sync(() => guilds.channels(guildId, asked)),
    roles: (guildId) => Effect.sync(() => guilds.roles(guildId)),
    channelHealth: (guildId, channelId, needs) =>
      Effect.sync(() => guilds.channel(guildId, channelId, needs)),
    roleHealth: (guildId, roleId) => Effect.sync(() => guilds.role(guildId, roleId)),
    mentionable: (guildId, roleId) => Effect.sync(() => guilds.mentionable(guildId, roleId)),
    lacks: (guildId, permission) => Effect.sync(() => guilds.lacks(guildId, permission)),
  };
};
