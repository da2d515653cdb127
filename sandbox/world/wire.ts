/** Turns what the world is made of into Discord's payloads, complete with the fields nobody here sets. */
import type {
  AuditEntry,
  Channel,
  Command,
  Guild,
  InteractionMeta,
  Member,
  Message,
  Role,
  User,
  Webhook,
} from "./state.js";
import { ChannelType } from "./state.js";

export const iso = (ms: number): string => new Date(ms).toISOString().replace("Z", "000+00:00");

export function userWire(user: User) {
  return {
    id: user.id,
    username: user.username,
    discriminator: user.bot ? "0000" : "0",
    global_name: user.globalName,
    avatar: user.avatar,
    public_flags: 0,
    flags: 0,
    banner: user.banner,
    accent_color: null,
    avatar_decoration_data: null,
    collectibles: null,
    primary_guild: null,
    ...(user.bot && { bot: true }),
  };
}

export function presenceWire({ id, presence: { status, activities } }: User, guildId: string) {
  return {
    user: { id },
    guild_id: guildId,
    // Nobody is seen hiding.
    status: status === "invisible" ? "offline" : status,
    activities,
    client_status: status === "offline" || status === "invisible" ? {} : { desktop: status },
  };
}

export function roleWire(role: Role) {
  return {
    id: role.id,
    name: role.name,
    permissions: role.permissions.toString(),
    position: role.position,
    color: role.color,
    colors: { primary_color: role.color, secondary_color: null, tertiary_color: null },
    hoist: role.hoist,
    managed: role.managed,
    mentionable: role.mentionable,
    icon: null,
    unicode_emoji: null,
    flags: 0,
    ...(role.botId !== null && { tags: { bot_id: role.botId } }),
  };
}

/** A member without its user, as in messages. */
export function memberPart(member: Member) {
  return {
    nick: member.nick,
    avatar: null,
    banner: null,
    roles: [...member.roles],
    joined_at: iso(member.joinedAt),
    premium_since: null,
    communication_disabled_until: member.timeoutUntil === null ? null : iso(member.timeoutUntil),
    pending: false,
    deaf: false,
    mute: false,
    flags: 0,
  };
}

export function memberWire(member: Member, user: User) {
  return { ...memberPart(member), user: userWire(user) };
}

export function channelWire(channel: Channel, recipient: User | undefined) {
  const lastPin = [...channel.pins.values()].at(-1);
  const common = {
    id: channel.id,
    type: channel.type,
    last_message_id: channel.lastMessageId,
    flags: 0,
    ...(lastPin !== undefined && { last_pin_timestamp: iso(lastPin) }),
  };
  if (channel.type === ChannelType.dm) {
    return { ...common, recipients: recipient === undefined ? [] : [userWire(recipient)] };
  }
  const inGuild = {
    ...common,
    guild_id: channel.guildId ?? "",
    name: channel.name ?? "",
    parent_id: channel.parentId,
    rate_limit_per_user: channel.slowmode,
  };
  const { thread } = channel;
  if (thread !== null) {
    return {
      ...inGuild,
      owner_id: thread.ownerId,
      message_count: thread.sent,
      total_message_sent: thread.sent,
      member_count: thread.members.size,
      thread_metadata: {
        archived: thread.archived,
        archive_timestamp: iso(thread.archivedAt),
        auto_archive_duration: thread.autoArchiveMinutes,
        locked: thread.locked,
        create_timestamp: iso(thread.createdAt),
        ...(channel.type === ChannelType.privateThread && { invitable: thread.invitable }),
      },
    };
  }
  return {
    ...inGuild,
    topic: channel.topic,
    position: channel.position,
    nsfw: channel.nsfw,
    permission_overwrites: [...channel.overwrites].map(([id, overwrite]) => ({
      id,
      type: overwrite.type === "role" ? 0 : 1,
      allow: overwrite.allow.toString(),
      deny: overwrite.deny.toString(),
    })),
  };
}

export function guildWire(guild: Guild) {
  return {
    id: guild.id,
    name: guild.name,
    icon: guild.icon,
    description: guild.description,
    home_header: null,
    splash: guild.splash,
    discovery_splash: null,
    features: guild.features,
    banner: guild.banner,
    owner_id: guild.ownerId,
    application_id: null,
    region: "us-west",
    afk_channel_id: guild.afkChannelId,
    afk_timeout: guild.afkTimeout,
    system_channel_id: guild.systemChannelId,
    system_channel_flags: guild.systemChannelFlags,
    widget_enabled: false,
    widget_channel_id: null,
    verification_level: guild.verificationLevel,
    roles: [...guild.roles.values()].map(roleWire),
    default_message_notifications: guild.defaultNotifications,
    mfa_level: 0,
    explicit_content_filter: guild.contentFilter,
    max_presences: null,
    max_members: 25_000_000,
    max_stage_video_channel_users: 50,
    max_video_channel_users: 25,
    vanity_url_code: null,
    premium_tier: 0,
    premium_subscription_count: 0,
    preferred_locale: guild.locale,
    rules_channel_id: guild.rulesChannelId,
    safety_alerts_channel_id: guild.safetyAlertsChannelId,
    public_updates_channel_id: guild.publicUpdatesChannelId,
    premium_progress_bar_enabled: guild.boostBar,
    nsfw: false,
    nsfw_level: 0,
    emojis: [],
    stickers: [],
    incidents_data: null,
  };
}

export function commandWire(command: Command, applicationId: string) {
  return {
    id: command.id,
    application_id: applicationId,
    version: command.version,
    type: command.type,
    name: command.name,
    name_localizations: command.nameLocalizations,
    description: command.description,
    description_localizations: command.descriptionLocalizations,
    default_member_permissions: command.defaultMemberPermissions?.toString() ?? null,
    nsfw: command.nsfw,
    options: command.options,
    ...(command.guildId === null
      ? {
          contexts: command.contexts,
          integration_types: [0],
          dm_permission: command.contexts?.includes(1) ?? true,
        }
      : { guild_id: command.guildId }),
  };
}

/** `me` is whose reactions count as one's own. */
export function messageWire(message: Message, applicationId: string, me: string) {
  return {
    id: message.id,
    channel_id: message.channelId,
    type: message.type,
    author: userWire(message.author),
    content: message.content,
    embeds: message.embeds,
    components: message.components,
    attachments: message.attachments,
    mentions: message.mentions.map(userWire),
    mention_roles: message.mentionRoles,
    mention_everyone: message.mentionEveryone,
    flags: message.flags,
    pinned: message.pinned,
    tts: false,
    timestamp: iso(message.createdAt),
    edited_timestamp: message.editedAt === null ? null : iso(message.editedAt),
    ...(message.nonce !== null && { nonce: message.nonce }),
    ...(message.webhookId !== null && { webhook_id: message.webhookId }),
    ...((message.webhookId !== null || message.author.bot) && { application_id: applicationId }),
    ...(message.replyTo !== null && {
      message_reference: {
        type: 0,
        message_id: message.replyTo,
        channel_id: message.channelId,
        ...(message.guildId !== null && { guild_id: message.guildId }),
      },
    }),
    ...(message.interaction !== null && {
      interaction_metadata: metadataWire(message.interaction, message.guildId),
    }),
    ...(message.reactions.size > 0 && {
      reactions: [...message.reactions].map(([emoji, by]) => ({
        emoji: emojiWire(emoji),
        count: by.size,
        count_details: { burst: 0, normal: by.size },
        burst_colors: [],
        me_burst: false,
        me: by.has(me),
      })),
    }),
  };
}

/** A character, or `name:id` of a guild's own. */
export function emojiWire(emoji: string): { id: string | null; name: string } {
  const own = /^(\w+):(\d{15,20})$/.exec(emoji);
  return { id: own?.[2] ?? null, name: own?.[1] ?? emoji };
}

export function webhookWire(webhook: Webhook, creator: User, apiBase: string) {
  return {
    id: webhook.id,
    type: 1,
    guild_id: webhook.guildId,
    channel_id: webhook.channelId,
    application_id: creator.bot ? creator.id : null,
    name: webhook.name,
    avatar: webhook.avatar,
    token: webhook.token,
    url: `${apiBase}/webhooks/${webhook.id}/${webhook.token}`,
    user: userWire(creator),
  };
}

export function auditWire(entry: AuditEntry) {
  return {
    id: entry.id,
    action_type: entry.action,
    user_id: entry.userId,
    target_id: entry.targetId,
    ...(entry.changes.length > 0 && { changes: entry.changes }),
    ...(entry.options !== null && { options: entry.options }),
    ...(entry.reason !== null && { reason: entry.reason }),
  };
}

function metadataWire(meta: InteractionMeta, guildId: string | null): object {
  return {
    id: meta.id,
    type: meta.type,
    user: userWire(meta.user),
    authorizing_integration_owners: { 0: guildId ?? "0" },
    ...(meta.sourceMessageId !== null && meta.type === 3 && { interacted_message_id: meta.sourceMessageId }),
    ...(meta.trigger !== null && { triggering_interaction_metadata: metadataWire(meta.trigger, guildId) }),
  };
}
