/** What the bot may reach, or the refusal Discord gives it. */
import {
  missingAccess,
  missingPermissions,
  notOnDirectMessages,
  unknownGuild,
  wrongChannelType,
} from "../errors.js";
import { bit, guildPermissions, outranksMember, outranksRole } from "../world/permissions.js";
import type { KnownPermission } from "../world/permissionNames.js";
import type { Channel, Guild, Member, Role } from "../world/state.js";
import type { World } from "../world/World.js";

const VIEW = bit("ViewChannel");

/** A guild the bot is in. */
export function guildOf(world: World, id: string): { guild: Guild; self: Member } {
  const guild = world.guild(id);
  const self = guild.members.get(world.bot.id);
  if (self === undefined) throw missingAccess();
  return { guild, self };
}

export function requireInGuild(world: World, guild: Guild, self: Member, ...names: KnownPermission[]): void {
  const granted = guildPermissions(guild, self, world.now());
  if (names.some((name) => (granted & bit(name)) === 0n)) throw missingPermissions();
}

/** A channel the bot sees, with the permissions it needs there. */
export function channelOf(world: World, id: string, ...names: KnownPermission[]): Channel {
  const channel = world.channel(id);
  const granted = world.channels.permissionsOf(world.bot.id, channel);
  if ((granted & VIEW) === 0n) throw missingAccess();
  if (names.some((name) => (granted & bit(name)) === 0n)) throw missingPermissions();
  return channel;
}

export function may(world: World, channel: Channel, name: KnownPermission): boolean {
  return (world.channels.permissionsOf(world.bot.id, channel) & bit(name)) !== 0n;
}

export function guildOfChannel(world: World, channel: Channel): Guild {
  if (channel.guildId === null) throw notOnDirectMessages();
  const guild = world.guilds.all.get(channel.guildId);
  if (guild === undefined) throw unknownGuild();
  return guild;
}

/** A channel that holds messages. */
export function writable(channel: Channel): void {
  if (channel.type === 4 || channel.type === 15) throw wrongChannelType();
}

export function requireAbove(guild: Guild, self: Member, other: Member): void {
  if (!outranksMember(guild, self, other)) throw missingPermissions();
}

/** A role the bot may give, take and change. */
export function requireRoleBelow(guild: Guild, self: Member, role: Role): void {
  if (!outranksRole(guild, self, role)) throw missingPermissions();
}
