import type { NewRole } from "../contract/world.js";
import { unknownRole } from "../errors.js";
import { Intent } from "./dispatch.js";
import { bits, EVERYONE } from "./permissions.js";
import type { Guild, Role } from "./state.js";
import { roleWire } from "./wire.js";
import type { World } from "./World.js";

export class Roles {
  constructor(private readonly world: World) {}

  get(guild: Guild, id: string): Role {
    const role = guild.roles.get(id);
    if (role === undefined) throw unknownRole();
    return role;
  }

  /** A new role enters just above `@everyone` unless told where; those at or above its place move up. */
  create(guild: Guild, fresh: NewRole, botId: string | null = null): Role {
    const role: Role = {
      id: fresh.id ?? this.world.ids.next(),
      name: fresh.name,
      permissions: fresh.permissions === undefined ? EVERYONE : bits(fresh.permissions),
      position: fresh.position ?? 1,
      color: fresh.color ?? 0,
      hoist: fresh.hoist ?? false,
      mentionable: fresh.mentionable ?? false,
      managed: fresh.managed ?? false,
      botId,
    };
    if (fresh.position === undefined) {
      for (const other of guild.roles.values()) if (other.position >= 1) other.position += 1;
    }
    guild.roles.set(role.id, role);
    this.tell(guild, role, "GUILD_ROLE_CREATE", "role_created");
    return role;
  }

  update(
    guild: Guild,
    role: Role,
    change: Partial<Pick<Role, "name" | "permissions" | "color" | "hoist" | "mentionable" | "position">>,
  ): void {
    Object.assign(role, change);
    this.tell(guild, role, "GUILD_ROLE_UPDATE", "role_updated");
  }

  delete(guild: Guild, role: Role): void {
    guild.roles.delete(role.id);
    for (const member of guild.members.values()) member.roles.delete(role.id);
    for (const channel of guild.channels.values()) channel.overwrites.delete(role.id);
    this.world.record({ event: "role_deleted", guildId: guild.id, roleId: role.id, text: role.name });
    if (!this.world.guilds.hasBot(guild)) return;
    this.world.emit({
      event: "GUILD_ROLE_DELETE",
      intents: Intent.guilds,
      guildId: guild.id,
      data: () => ({ guild_id: guild.id, role_id: role.id }),
    });
  }

  private tell(guild: Guild, role: Role, event: string, record: "role_created" | "role_updated"): void {
    this.world.record({ event: record, guildId: guild.id, roleId: role.id, text: role.name });
    if (!this.world.guilds.hasBot(guild)) return;
    this.world.emit({
      event,
      intents: Intent.guilds,
      guildId: guild.id,
      data: () => ({ guild_id: guild.id, role: roleWire(role) }),
    });
  }
}
