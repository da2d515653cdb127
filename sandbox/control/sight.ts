/** The world through one person's eyes, for whoever shows it to them. */
import type { Person, SeenChannel, SeenCommand, SeenGuild, SeenOption, Sight } from "../contract/seen.js";
import { shownCommands } from "../people/commands.js";
import { place } from "../people/act.js";
import { bit, guildPermissions, stands } from "../world/permissions.js";
import { ChannelType } from "../world/state.js";
import type { Channel, CommandOption, Guild, Member, User } from "../world/state.js";
import type { World } from "../world/World.js";
import { roleView, userView } from "./views.js";

const VIEW = bit("ViewChannel");

export function sightOf(world: World, userId: string): Sight {
  const user = world.user(userId);
  return {
    user: userView(user),
    guilds: [...world.guilds.all.values()]
      .filter(({ members }) => members.has(userId))
      .map((guild) => seenGuild(world, guild, user)),
    directChannelId: world.channels.directWith(userId)?.id ?? null,
  };
}

function seenGuild(world: World, guild: Guild, user: User): SeenGuild {
  const seen = [...guild.channels.values()]
    .filter((channel) => (world.channels.permissionsOf(user.id, channel) & VIEW) !== 0n)
    .map((channel) => seenChannel(world, channel, user))
    .sort((a, b) => a.position - b.position);
  const isThread = ({ type }: SeenChannel): boolean =>
    type === ChannelType.publicThread || type === ChannelType.privateThread;
  return {
    id: guild.id,
    name: guild.name,
    iconUrl: guild.icon === null ? null : `${world.cdnBase}/icons/${guild.id}/${guild.icon}.png`,
    ownerId: guild.ownerId,
    withBot: world.guilds.hasBot(guild),
    roles: [...guild.roles.values()].sort((a, b) => (stands(a, b) ? -1 : 1)).map(roleView),
    channels: seen.filter((channel) => !isThread(channel)),
    threads: seen.filter(isThread),
  };
}

function seenChannel(world: World, channel: Channel, user: User): SeenChannel {
  const granted = world.channels.permissionsOf(user.id, channel);
  const may = (name: Parameters<typeof bit>[0]): boolean => (granted & bit(name)) !== 0n;
  const holdsMessages = channel.type !== ChannelType.category && channel.type !== ChannelType.forum;
  return {
    id: channel.id,
    name: channel.name ?? "",
    type: channel.type,
    topic: channel.topic,
    parentId: channel.parentId,
    position: channel.position,
    lastMessageId: channel.lastMessageId,
    canWrite: holdsMessages && may("SendMessages") && channel.thread?.locked !== true,
    canReact: may("AddReactions"),
    canUseCommands: may("UseApplicationCommands"),
    ...(channel.thread !== null && { archived: channel.thread.archived, locked: channel.thread.locked }),
  };
}

/** Everybody, or with a guild its members and those who are not. */
export function peopleOf(world: World, guildId: string | undefined): Person[] {
  const guild = guildId === undefined ? undefined : world.guild(guildId);
  return [...world.users.all.values()].map((user) => {
    const member = guild?.members.get(user.id);
    return {
      userId: user.id,
      username: user.username,
      name: member?.nick ?? user.globalName ?? user.username,
      avatarUrl: avatarUrl(world, user),
      bot: user.bot,
      dmsClosed: user.dmsClosed,
      member: guild === undefined || member === undefined ? null : memberOf(world, guild, member),
    };
  });
}

function memberOf(world: World, guild: Guild, member: Member): NonNullable<Person["member"]> {
  const granted = guildPermissions(guild, member, world.now());
  return {
    roles: [...member.roles],
    joinedAt: member.joinedAt,
    timeoutUntil: member.timeoutUntil,
    owner: guild.ownerId === member.userId,
    admin: (granted & bit("Administrator")) !== 0n,
  };
}

function avatarUrl({ cdnBase }: World, { id, avatar }: User): string {
  if (avatar !== null) return `${cdnBase}/avatars/${id}/${avatar}.png`;
  return `${cdnBase}/embed/avatars/${Number((BigInt(id) >> 22n) % 6n)}.png`;
}

/** What the person finds when typing `/` there or opening the Apps menu. */
export function commandsFor(world: World, userId: string, channelId: string): SeenCommand[] {
  return shownCommands(world, place(world, userId, channelId)).map(
    ({ id, name, type, description, options }) => ({
      id,
      name,
      type,
      description,
      options: options.map(seenOption),
    }),
  );
}

function seenOption(option: CommandOption): SeenOption {
  const min = option.min_value ?? option.min_length;
  const max = option.max_value ?? option.max_length;
  return {
    name: option.name,
    description: option.description,
    type: option.type,
    required: option.required ?? false,
    autocomplete: option.autocomplete ?? false,
    choices: option.choices ?? [],
    channelTypes: option.channel_types ?? [],
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
    options: (option.options ?? []).map(seenOption),
  };
}
