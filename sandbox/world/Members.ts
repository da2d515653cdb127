import type { NewMember } from "../contract/world.js";
import { unknownMember, unknownUser } from "../errors.js";
import { Intent } from "./dispatch.js";
import type { Guild, Member, Role } from "./state.js";
import { memberWire, userWire } from "./wire.js";
import type { World } from "./World.js";

export class Members {
  constructor(private readonly world: World) {}

  get(guild: Guild, userId: string): Member {
    const member = guild.members.get(userId);
    if (member !== undefined) return member;
    throw this.world.users.all.has(userId) ? unknownMember() : unknownUser();
  }

  add(guild: Guild, userId: string, fresh: NewMember): Member {
    const user = this.world.user(userId);
    if (guild.members.has(userId)) throw new Error(`${user.username} is already in ${guild.name}`);
    if (guild.bans.has(userId)) throw new Error(`${user.username} is banned from ${guild.name}`);
    const member: Member = {
      userId,
      nick: fresh.nick ?? null,
      roles: new Set((fresh.roles ?? []).map((id) => this.world.roles.get(guild, id).id)),
      joinedAt: fresh.joinedAt ?? this.world.now(),
      timeoutUntil: fresh.timeoutUntil ?? null,
    };
    guild.members.set(userId, member);
    this.world.record({ event: "member_joined", guildId: guild.id, userId });
    if (this.world.guilds.hasBot(guild)) {
      this.world.emit({
        event: "GUILD_MEMBER_ADD",
        intents: Intent.guildMembers,
        guildId: guild.id,
        data: () => ({ guild_id: guild.id, ...memberWire(member, user) }),
      });
    }
    return member;
  }

  remove(
    guild: Guild,
    member: Member,
    how: "member_left" | "member_kicked" | "member_banned",
    reason?: string,
  ): void {
    const { world } = this;
    const user = world.user(member.userId);
    if (user.id === world.bot.id) {
      world.guilds.removeBot(guild);
      return;
    }
    guild.members.delete(user.id);
    for (const channel of guild.channels.values()) channel.thread?.members.delete(user.id);
    world.record({ event: how, guildId: guild.id, userId: user.id, ...(reason !== undefined && { reason }) });
    if (!world.guilds.hasBot(guild)) return;
    world.emit({
      event: "GUILD_MEMBER_REMOVE",
      intents: Intent.guildMembers,
      guildId: guild.id,
      data: () => ({ guild_id: guild.id, user: userWire(user) }),
    });
  }

  /** Nothing happens when they have it already. */
  addRole(guild: Guild, member: Member, role: Role, reason?: string): void {
    if (member.roles.has(role.id)) return;
    member.roles.add(role.id);
    this.recordRole("role_added", guild, member, role.id, reason);
    this.changed(guild, member);
  }

  removeRole(guild: Guild, member: Member, role: Role, reason?: string): void {
    if (!member.roles.delete(role.id)) return;
    this.recordRole("role_removed", guild, member, role.id, reason);
    this.changed(guild, member);
  }

  update(
    guild: Guild,
    member: Member,
    change: Partial<Pick<Member, "nick" | "timeoutUntil">>,
    roles?: readonly string[],
    reason?: string,
  ): void {
    Object.assign(member, change);
    if (roles !== undefined) {
      const wanted = new Set(roles);
      for (const id of [...member.roles]) {
        if (wanted.has(id)) continue;
        member.roles.delete(id);
        this.recordRole("role_removed", guild, member, id, reason);
      }
      for (const id of wanted) {
        if (member.roles.has(id)) continue;
        member.roles.add(id);
        this.recordRole("role_added", guild, member, id, reason);
      }
    }
    this.world.record({
      event: "member_updated",
      guildId: guild.id,
      userId: member.userId,
      ...(reason !== undefined && { reason }),
    });
    this.changed(guild, member);
  }

  ban(guild: Guild, userId: string, reason?: string): void {
    if (guild.bans.has(userId)) return;
    guild.bans.set(userId, reason ?? null);
    const member = guild.members.get(userId);
    if (member === undefined)
      this.world.record({
        event: "member_banned",
        guildId: guild.id,
        userId,
        ...(reason !== undefined && { reason }),
      });
    else this.remove(guild, member, "member_banned", reason);
    this.tellBan(guild, userId, "GUILD_BAN_ADD");
  }

  unban(guild: Guild, userId: string): void {
    guild.bans.delete(userId);
    this.world.record({ event: "member_unbanned", guildId: guild.id, userId });
    this.tellBan(guild, userId, "GUILD_BAN_REMOVE");
  }

  private recordRole(
    event: "role_added" | "role_removed",
    guild: Guild,
    member: Member,
    roleId: string,
    reason?: string,
  ): void {
    this.world.record({
      event,
      guildId: guild.id,
      userId: member.userId,
      roleId,
      ...(reason !== undefined && { reason }),
    });
  }

  private changed(guild: Guild, member: Member): void {
    if (!this.world.guilds.hasBot(guild)) return;
    this.world.emit({
      event: "GUILD_MEMBER_UPDATE",
      // Of itself the bot hears even without the intent.
      intents: member.userId === this.world.bot.id ? 0 : Intent.guildMembers,
      guildId: guild.id,
      data: () => ({ guild_id: guild.id, ...memberWire(member, this.world.user(member.userId)) }),
    });
  }

  private tellBan(guild: Guild, userId: string, event: string): void {
    if (!this.world.guilds.hasBot(guild)) return;
    this.world.emit({
      event,
      intents: Intent.guildModeration,
      guildId: guild.id,
      data: () => ({ guild_id: guild.id, user: userWire(this.world.user(userId)) }),
    });
  }
}
