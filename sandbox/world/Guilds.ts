import type { NewGuild, Permissions } from "../contract/world.js";
import { Intent } from "./dispatch.js";
import { bits, EVERYONE } from "./permissions.js";
import type { Guild, GuildSettings, Role } from "./state.js";
import { channelWire, guildWire, iso, memberWire, presenceWire } from "./wire.js";
import type { World } from "./World.js";

/** Above this many members GUILD_CREATE leaves most of them out. */
const LARGE = 250;

export class Guilds {
  readonly all = new Map<string, Guild>();

  constructor(private readonly world: World) {}

  create(fresh: NewGuild): Guild {
    const { world } = this;
    const made = fresh.createdAt ?? world.now() - 180 * 86_400_000;
    const ownerId = fresh.ownerId ?? world.users.create({ username: "owner", globalName: "Owner" }).id;
    const owner = world.user(ownerId);
    const guild: Guild = {
      id: fresh.id ?? world.ids.at(made),
      name: fresh.name,
      ownerId,
      roles: new Map(),
      channels: new Map(),
      members: new Map(),
      bans: new Map(),
      audit: [],
      icon: fresh.icon ?? null,
      banner: fresh.banner ?? null,
      splash: null,
      description: fresh.description ?? null,
      features: [...(fresh.features ?? [])],
      verificationLevel: 1,
      defaultNotifications: 1,
      contentFilter: 0,
      locale: "en-US",
      afkChannelId: null,
      afkTimeout: 300,
      systemChannelId: null,
      systemChannelFlags: 0,
      rulesChannelId: null,
      publicUpdatesChannelId: null,
      safetyAlertsChannelId: null,
      boostBar: false,
    };
    if (this.all.has(guild.id)) throw new Error(`There is already a guild ${guild.id}`);
    // The role @everyone has the guild's own id.
    guild.roles.set(guild.id, {
      id: guild.id,
      name: "@everyone",
      permissions: fresh.everyone === undefined ? EVERYONE : bits(fresh.everyone),
      position: 0,
      color: 0,
      hoist: false,
      mentionable: false,
      managed: false,
      botId: null,
    });
    guild.members.set(owner.id, {
      userId: owner.id,
      nick: null,
      roles: new Set(),
      joinedAt: made,
      timeoutUntil: null,
    });
    this.all.set(guild.id, guild);
    world.record({ event: "guild_created", guildId: guild.id, text: guild.name });
    return guild;
  }

  update(guild: Guild, change: Partial<GuildSettings>): void {
    Object.assign(guild, change);
    this.world.record({ event: "guild_updated", guildId: guild.id, text: guild.name });
    if (!this.hasBot(guild)) return;
    this.world.emit({
      event: "GUILD_UPDATE",
      intents: Intent.guilds,
      guildId: guild.id,
      data: () => guildWire(guild),
    });
  }

  /** The bot joins; its own managed role carries the permissions. */
  addBot(guild: Guild, permissions: Permissions): Role {
    const { world } = this;
    if (this.hasBot(guild)) throw new Error(`The bot is already in ${guild.name}`);
    const role = world.roles.create(
      guild,
      { name: world.application.name, permissions, managed: true },
      world.bot.id,
    );
    guild.members.set(world.bot.id, {
      userId: world.bot.id,
      nick: null,
      roles: new Set([role.id]),
      joinedAt: world.now(),
      timeoutUntil: null,
    });
    world.record({ event: "bot_added", guildId: guild.id });
    world.emit({
      event: "GUILD_CREATE",
      intents: Intent.guilds,
      guildId: guild.id,
      data: (intents) => this.createWire(guild, intents),
    });
    return role;
  }

  removeBot(guild: Guild): void {
    const { world } = this;
    if (!guild.members.delete(world.bot.id)) return;
    for (const role of guild.roles.values()) if (role.botId === world.bot.id) guild.roles.delete(role.id);
    world.record({ event: "bot_removed", guildId: guild.id });
    world.emit({
      event: "GUILD_DELETE",
      intents: Intent.guilds,
      guildId: guild.id,
      data: () => ({ id: guild.id }),
    });
  }

  /** How many of its members are online, as far as anybody can tell. */
  presenceCount(guild: Guild): number {
    const hidden = ["offline", "invisible"];
    return [...guild.members.keys()].filter((id) => !hidden.includes(this.world.user(id).presence.status))
      .length;
  }

  hasBot(guild: Guild): boolean {
    return guild.members.has(this.world.bot.id);
  }

  *withBot(): Iterable<Guild> {
    for (const guild of this.all.values()) if (this.hasBot(guild)) yield guild;
  }

  /** GUILD_CREATE. Members are listed only with the presences intent and in a small guild; else the bot alone. */
  createWire(guild: Guild, intents: number): object {
    const { world } = this;
    const small = (intents & Intent.guildPresences) !== 0 && guild.members.size <= LARGE;
    const botMember = guild.members.get(world.bot.id);
    const listed = small ? [...guild.members.values()] : botMember ? [botMember] : [];
    const seen = [...guild.channels.values()].filter((channel) => world.channels.isSeenByBot(channel));
    return {
      ...guildWire(guild),
      joined_at: iso(botMember?.joinedAt ?? world.now()),
      large: guild.members.size > LARGE,
      unavailable: false,
      member_count: guild.members.size,
      members: listed.map((member) => memberWire(member, world.user(member.userId))),
      channels: [...guild.channels.values()]
        .filter((channel) => channel.thread === null)
        .map((channel) => channelWire(channel, undefined)),
      threads: seen
        .filter((channel) => channel.thread?.archived === false)
        .map((channel) => channelWire(channel, undefined)),
      voice_states: [],
      presences: small
        ? listed
            .map(({ userId }) => world.user(userId))
            .filter(({ presence }) => presence.status !== "offline")
            .map((user) => presenceWire(user, guild.id))
        : [],
      stage_instances: [],
      guild_scheduled_events: [],
      soundboard_sounds: [],
    };
  }
}
