/** The world as the driver sees it. */
import type { Channel, Guild, Member, Role, User } from "../contract/world.js";
import type * as state from "../world/state.js";

export const userView = (user: state.User): User => ({
  id: user.id,
  username: user.username,
  globalName: user.globalName,
  avatar: user.avatar,
  bot: user.bot,
  dmsClosed: user.dmsClosed,
});

export const memberView = (member: state.Member): Member => ({
  userId: member.userId,
  nick: member.nick,
  roles: [...member.roles],
  joinedAt: member.joinedAt,
  timeoutUntil: member.timeoutUntil,
});

export const roleView = (role: state.Role): Role => ({
  id: role.id,
  name: role.name,
  permissions: role.permissions.toString(),
  position: role.position,
  color: role.color,
  hoist: role.hoist,
  managed: role.managed,
});

export const channelView = (channel: state.Channel): Channel => ({
  id: channel.id,
  guildId: channel.guildId,
  name: channel.name,
  type: channel.type,
  parentId: channel.parentId,
  ...(channel.thread !== null && {
    archived: channel.thread.archived,
    locked: channel.thread.locked,
    memberIds: [...channel.thread.members.keys()],
  }),
});

export const guildView = (guild: state.Guild, withBot: boolean): Guild => ({
  id: guild.id,
  name: guild.name,
  ownerId: guild.ownerId,
  withBot,
  roles: [...guild.roles.values()].map(roleView),
  channels: [...guild.channels.values()].filter((channel) => channel.thread === null).map(channelView),
  memberCount: guild.members.size,
});
