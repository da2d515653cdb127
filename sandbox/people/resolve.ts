import { guildPermissions } from "../world/permissions.js";
import { memberPart, roleWire, userWire } from "../world/wire.js";
import type { World } from "../world/World.js";
import type { Place } from "./act.js";
import { refuse } from "./refusal.js";

/** The people, roles and channels behind chosen ids, as an interaction carries them. */
export function resolved(world: World, { user, guild }: Place, ids: readonly string[]): object {
  const users: Record<string, object> = {};
  const members: Record<string, object> = {};
  const roles: Record<string, object> = {};
  const channels: Record<string, object> = {};
  for (const id of ids) {
    const chosen = world.users.all.get(id);
    const member = guild?.members.get(id);
    const role = guild?.roles.get(id);
    const channel = guild?.channels.get(id);
    if (chosen !== undefined) users[id] = userWire(chosen);
    if (member !== undefined && guild !== null) {
      members[id] = {
        ...memberPart(member),
        permissions: guildPermissions(guild, member, world.now()).toString(),
      };
    }
    if (role !== undefined) roles[id] = roleWire(role);
    if (channel !== undefined) {
      channels[id] = {
        id,
        name: channel.name,
        type: channel.type,
        parent_id: channel.parentId,
        permissions: world.channels.permissionsOf(user.id, channel).toString(),
      };
    }
    if (chosen === undefined && role === undefined && channel === undefined)
      refuse(`There is no user, role or channel ${id}`);
  }
  return Object.fromEntries(
    Object.entries({ users, members, roles, channels }).filter(([, of]) => Object.keys(of).length > 0),
  );
}
