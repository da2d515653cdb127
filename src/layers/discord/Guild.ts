import {
  ChannelType,
  type Client,
  type Guild,
  type GuildMember,
  type NewsChannel,
  PermissionFlagsBits,
  type PermissionsBitField,
  type Role,
  type TextChannel,
} from "discord.js";
import { PERMISSION_NAMES, type PermissionName } from "../../domain/DiscordPermission.js";
import { ChannelId, GuildId, Millis, RoleId, UserId } from "../../domain/Ids.js";
import type { Member } from "../../domain/Person.js";
import { person } from "./Decode.js";

export interface GuildFacts {
  readonly id: GuildId;
  readonly name: string;
  readonly memberCount: number;
  readonly ownerId: UserId;
  readonly iconUrl: string | null;
  readonly bannerUrl: string | null;
  /** `false` during an outage of Discord: the guild is there, but says nothing. */
  readonly available: boolean;
}

/** A channel in which the bot could post, if it may. */
export interface ChannelFacts {
  readonly id: ChannelId;
  readonly name: string;
  /** The name of what it stands under. */
  readonly category: string | null;
  readonly kind: "text" | "announcement";
  /** Which of the rights that were asked about the bot does not have there. */
  readonly lacks: ReadonlyArray<PermissionName>;
}

export interface RoleFacts {
  readonly id: RoleId;
  readonly name: string;
  /** `null`: the colour of text. */
  readonly color: number | null;
  readonly health: RoleHealth;
}

/** Whether the bot could use a channel now. */
export type ChannelHealth =
  | { readonly _tag: "Ok"; readonly name: string }
  | { readonly _tag: "Missing" }
  /** It belongs to another guild. */
  | { readonly _tag: "Elsewhere" }
  | { readonly _tag: "NotText"; readonly name: string }
  | { readonly _tag: "Lacks"; readonly name: string; readonly permissions: ReadonlyArray<string> };

/** Whether the bot could give a role now. */
export type RoleHealth =
  | { readonly _tag: "Ok"; readonly name: string }
  | { readonly _tag: "Missing" }
  | { readonly _tag: "Everyone" }
  | { readonly _tag: "Managed"; readonly name: string }
  | { readonly _tag: "AboveBot"; readonly name: string; readonly botRole: string }
  | { readonly _tag: "NoManageRoles"; readonly name: string };

type TextBasedChannel = TextChannel | NewsChannel;

/** How long the gateway may take to answer about members. */
const MEMBERS_PATIENCE_MILLIS = 15_000;

const names = (missing: ReadonlyArray<PermissionName>) => missing.map((name) => PERMISSION_NAMES[name]);

const has = (bits: Readonly<PermissionsBitField>, name: PermissionName): boolean =>
  // Discord splits Pin Messages off Manage Messages; either is enough until the split is complete.
  name === "PinMessages"
    ? bits.has(PermissionFlagsBits.PinMessages) || bits.has(PermissionFlagsBits.ManageMessages)
    : bits.has(PermissionFlagsBits[name]);

const memberOf = (
  cdn: string,
  { user, nickname, roles, permissions, joinedTimestamp }: GuildMember,
): Member => ({
  ...person(
    cdn,
    {
      id: user.id,
      username: user.username,
      avatar: user.avatar,
      bot: user.bot,
      global_name: user.globalName,
    },
    nickname,
  ),
  roles: roles.cache.map(({ id }) => RoleId.make(id)),
  permissions: permissions.bitfield,
  joinedAt: joinedTimestamp === null ? null : Millis.make(joinedTimestamp),
});

/** Channels as Discord lists them: by category, those without one first. */
const inOrder = (left: TextBasedChannel, right: TextBasedChannel): number =>
  (left.parent?.rawPosition ?? -1) - (right.parent?.rawPosition ?? -1) ||
  left.rawPosition - right.rawPosition ||
  (BigInt(left.id) < BigInt(right.id) ? -1 : 1);

/** What the gateway's cache says of a guild; all of it is memory, and only questions about members go to Discord. */
export const reader = (client: Client) => {
  const guildOf = (id: GuildId): Guild | undefined => client.guilds.cache.get(id);
  const healthOf = (guild: Guild, role: Role, me: GuildMember): RoleHealth => {
    if (role.id === guild.id) return { _tag: "Everyone" };
    if (role.managed) return { _tag: "Managed", name: role.name };
    if (!me.permissions.has(PermissionFlagsBits.ManageRoles))
      return { _tag: "NoManageRoles", name: role.name };
    if (guild.ownerId !== me.id && role.comparePositionTo(me.roles.highest) >= 0) {
      return { _tag: "AboveBot", name: role.name, botRole: me.roles.highest.name };
    }
    return { _tag: "Ok", name: role.name };
  };
  return {
    ids: (): ReadonlyArray<GuildId> => client.guilds.cache.map(({ id }) => GuildId.make(id)),
    facts: (id: GuildId): GuildFacts | null => {
      const guild = guildOf(id);
      return guild === undefined
        ? null
        : {
            id,
            name: guild.name,
            memberCount: guild.memberCount,
            ownerId: UserId.make(guild.ownerId),
            iconUrl: guild.iconURL({ extension: "png", size: 256 }),
            bannerUrl: guild.bannerURL({ extension: "png", size: 1024 }),
            available: guild.available,
          };
    },
    channel: (id: GuildId, channelId: ChannelId, needs: ReadonlyArray<PermissionName>): ChannelHealth => {
      const guild = guildOf(id);
      const channel = guild?.channels.cache.get(channelId);
      const me = guild?.members.me;
      if (channel === undefined)
        return { _tag: client.channels.cache.has(channelId) ? "Elsewhere" : "Missing" };
      if (guild === undefined || me == null) return { _tag: "Missing" };
      // A voice channel has a chat too, but nobody looks for a gate there; only a text channel holds private threads.
      const fits =
        channel.type === ChannelType.GuildText ||
        (channel.type === ChannelType.GuildAnnouncement && !needs.includes("CreatePrivateThreads"));
      if (!fits) return { _tag: "NotText", name: channel.name };
      const bits = channel.permissionsFor(me);
      const lacking = needs.filter((need) => !has(bits, need));
      return lacking.length === 0
        ? { _tag: "Ok", name: channel.name }
        : { _tag: "Lacks", name: channel.name, permissions: names(lacking) };
    },
    role: (id: GuildId, roleId: RoleId): RoleHealth => {
      const guild = guildOf(id);
      const role = guild?.roles.cache.get(roleId);
      const me = guild?.members.me;
      return guild === undefined || role === undefined || me == null
        ? { _tag: "Missing" }
        : healthOf(guild, role, me);
    },
    channels: (id: GuildId, asked: ReadonlyArray<PermissionName>): ReadonlyArray<ChannelFacts> => {
      const guild = guildOf(id);
      const me = guild?.members.me;
      if (guild === undefined || me == null) return [];
      return [...guild.channels.cache.values()]
        .filter(
          (channel): channel is TextBasedChannel =>
            channel.type === ChannelType.GuildText || channel.type === ChannelType.GuildAnnouncement,
        )
        .sort(inOrder)
        .map((channel) => {
          const bits = channel.permissionsFor(me);
          return {
            id: ChannelId.make(channel.id),
            name: channel.name,
            category: channel.parent?.name ?? null,
            kind: channel.type === ChannelType.GuildText ? ("text" as const) : ("announcement" as const),
            lacks: asked.filter((permission) => !has(bits, permission)),
          };
        });
    },
    roles: (id: GuildId): ReadonlyArray<RoleFacts> => {
      const guild = guildOf(id);
      const me = guild?.members.me;
      if (guild === undefined || me == null) return [];
      return [...guild.roles.cache.values()]
        .sort((left, right) => right.comparePositionTo(left))
        .map((role) => ({
          id: RoleId.make(role.id),
          name: role.name,
          color: role.colors.primaryColor === 0 ? null : role.colors.primaryColor,
          health: healthOf(guild, role, me),
        }));
    },
    members: async (
      id: GuildId,
      userIds: ReadonlyArray<UserId>,
      cdn: string,
    ): Promise<ReadonlyArray<Member>> => {
      const guild = guildOf(id);
      if (guild === undefined) throw new Error("The guild is not available");
      const found = await guild.members.fetch({ user: [...userIds], time: MEMBERS_PATIENCE_MILLIS });
      return found.map((member) => memberOf(cdn, member));
    },
    member: async (id: GuildId, userId: UserId, cdn: string): Promise<Member | null> => {
      const guild = guildOf(id);
      return guild === undefined
        ? null
        : memberOf(cdn, await guild.members.fetch({ user: userId, force: true, cache: false }));
    },
    mentionable: (id: GuildId, roleId: RoleId): boolean => {
      const guild = guildOf(id);
      return (
        guild?.roles.cache.get(roleId)?.mentionable === true ||
        guild?.members.me?.permissions.has(PermissionFlagsBits.MentionEveryone) === true
      );
    },
    lacks: (id: GuildId, permission: PermissionName): boolean => {
      const me = guildOf(id)?.members.me;
      return me != null && !has(me.permissions, permission);
    },
  };
};
