import { z } from "zod";
import { invalidRole, missingPermissions } from "../../errors.js";
import { AuditAction, changesBetween } from "../../world/AuditLog.js";
import { guildPermissions } from "../../world/permissions.js";
import type { Guild, Member } from "../../world/state.js";
import { roleWire } from "../../world/wire.js";
import type { World } from "../../world/World.js";
import { guildOf, requireInGuild, requireRoleBelow } from "../access.js";
import { logDeed } from "../audit.js";
import { integer, list, name, permissionBits, snowflake } from "../forms/kit.js";
import { route } from "../router.js";

const RoleForm = z.strictObject({
  name: name(100).nullish(),
  permissions: permissionBits.nullish(),
  color: integer(0, 0xffffff).nullish(),
  colors: z.object({ primary_color: integer(0, 0xffffff) }).nullish(),
  hoist: z.boolean().nullish(),
  mentionable: z.boolean().nullish(),
});
const PositionsForm = list(
  z.strictObject({ id: snowflake.nullish(), position: integer(0, 1_000).nullish() }),
  250,
);

/** Nobody gives a role more than they have. */
function requireOwn(world: World, guild: Guild, self: Member, permissions: bigint | null | undefined): void {
  const own = guildPermissions(guild, self, world.now());
  if (permissions != null && (permissions & ~own) !== 0n) throw missingPermissions();
}

export const roleRoutes = [
  route("GET /guilds/:guild/roles", ({ world, param }) =>
    [...guildOf(world, param("guild")).guild.roles.values()].map(roleWire),
  ),
  route("GET /guilds/:guild/roles/member-counts", ({ world, param }) => {
    const { guild } = guildOf(world, param("guild"));
    const members = [...guild.members.values()];
    return Object.fromEntries(
      [...guild.roles.keys()]
        .filter((id) => id !== guild.id)
        .map((id) => [id, members.filter(({ roles }) => roles.has(id)).length]),
    );
  }),
  route("GET /guilds/:guild/roles/:role", ({ world, param }) =>
    roleWire(world.roles.get(guildOf(world, param("guild")).guild, param("role"))),
  ),
  route("POST /guilds/:guild/roles", (call) => {
    const { world, param } = call;
    const { guild, self } = guildOf(world, param("guild"));
    requireInGuild(world, guild, self, "ManageRoles");
    const { name: called, permissions, color, colors, hoist, mentionable } = call.form(RoleForm);
    requireOwn(world, guild, self, permissions);
    const role = world.roles.create(guild, {
      name: called ?? "new role",
      color: colors?.primary_color ?? color ?? 0,
      hoist: hoist ?? false,
      mentionable: mentionable ?? false,
      ...(permissions != null && { permissions: permissions.toString() }),
    });
    logDeed(call, guild, AuditAction.roleCreate, role.id, { changes: changesBetween({}, roleWire(role)) });
    return roleWire(role);
  }),
  route("PATCH /guilds/:guild/roles", (call) => {
    const { world, param } = call;
    const { guild, self } = guildOf(world, param("guild"));
    requireInGuild(world, guild, self, "ManageRoles");
    const moves = call.form(PositionsForm).flatMap(({ id, position }) => {
      if (id == null || position == null) return [];
      const role = world.roles.get(guild, id);
      if (role.id === guild.id) throw invalidRole();
      requireRoleBelow(guild, self, role);
      // Nobody lifts a role to their own height.
      requireRoleBelow(guild, self, { ...role, position });
      return [{ role, position }];
    });
    for (const { role, position } of moves) {
      if (role.position === position) continue;
      const before = roleWire(role);
      world.roles.update(guild, role, { position });
      const changes = changesBetween(before, roleWire(role));
      logDeed(call, guild, AuditAction.roleUpdate, role.id, { changes });
    }
    return [...guild.roles.values()].map(roleWire);
  }),
  route("PATCH /guilds/:guild/roles/:role", (call) => {
    const { world, param } = call;
    const { guild, self } = guildOf(world, param("guild"));
    const role = world.roles.get(guild, param("role"));
    requireInGuild(world, guild, self, "ManageRoles");
    requireRoleBelow(guild, self, role);
    const { name: called, permissions, color, colors, hoist, mentionable } = call.form(RoleForm);
    requireOwn(world, guild, self, permissions);
    const before = roleWire(role);
    world.roles.update(guild, role, {
      ...(called != null && { name: called }),
      ...(permissions != null && { permissions }),
      ...(color != null && { color }),
      ...(colors != null && { color: colors.primary_color }),
      ...(hoist != null && { hoist }),
      ...(mentionable != null && { mentionable }),
    });
    const after = roleWire(role);
    logDeed(call, guild, AuditAction.roleUpdate, role.id, { changes: changesBetween(before, after) });
    return after;
  }),
  route("DELETE /guilds/:guild/roles/:role", (call) => {
    const { world, param } = call;
    const { guild, self } = guildOf(world, param("guild"));
    const role = world.roles.get(guild, param("role"));
    requireInGuild(world, guild, self, "ManageRoles");
    if (role.managed || role.id === guild.id) throw invalidRole();
    requireRoleBelow(guild, self, role);
    world.roles.delete(guild, role);
    logDeed(call, guild, AuditAction.roleDelete, role.id, { changes: changesBetween(roleWire(role), {}) });
    return undefined;
  }),
];
