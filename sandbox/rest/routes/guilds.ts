import { z } from "zod";
import { invalidRole, missingAccess, missingPermissions, unknownBan } from "../../errors.js";
import { Intent } from "../../world/dispatch.js";
import { bit, guildPermissions } from "../../world/permissions.js";
import type { Guild, Member } from "../../world/state.js";
import { guildWire, memberWire, roleWire, userWire } from "../../world/wire.js";
import type { World } from "../../world/World.js";
import { guildOf, requireAbove, requireInGuild, requireRoleBelow } from "../access.js";
import { integer, name, permissionBits, snowflake, text } from "../forms/kit.js";
import { route } from "../router.js";
import type { Call } from "../router.js";
import { limitOf } from "./messages.js";

const MemberForm = z.strictObject({
  nick: text(32).nullish(),
  roles: z.array(snowflake).nullish(),
  communication_disabled_until: z.string().nullish(),
});
const SelfMemberForm = z.strictObject({ nick: text(32).nullish() });
const BanForm = z.strictObject({
  delete_message_seconds: integer(0, 604_800).nullish(),
  delete_message_days: integer(0, 7).nullish(),
});
const RoleForm = z.strictObject({
  name: name(100).nullish(),
  permissions: permissionBits.nullish(),
  color: integer(0, 0xffffff).nullish(),
  colors: z.object({ primary_color: integer(0, 0xffffff) }).nullish(),
  hoist: z.boolean().nullish(),
  mentionable: z.boolean().nullish(),
});
const MAX_TIMEOUT_MS = 28 * 86_400_000;

function changeRole(call: Call<"guild" | "user" | "role">, add: boolean): undefined {
  const { world, param, reason } = call;
  const { guild, self } = guildOf(world, param("guild"));
  const member = world.members.get(guild, param("user"));
  const role = world.roles.get(guild, param("role"));
  requireInGuild(world, guild, self, "ManageRoles");
  if (role.id === guild.id) throw invalidRole();
  if (role.managed) throw missingPermissions();
  requireRoleBelow(guild, self, role);
  if (add) world.members.addRole(guild, member, role, reason);
  else world.members.removeRole(guild, member, role, reason);
  return undefined;
}

function patchMember(call: Call<"guild" | "user">): object {
  const { world, param, reason } = call;
  const { guild, self } = guildOf(world, param("guild"));
  const member = world.members.get(guild, param("user"));
  const { nick, roles, communication_disabled_until: until } = call.form(MemberForm);
  if (nick !== undefined) {
    requireInGuild(world, guild, self, "ManageNicknames");
    if (member !== self) requireAbove(guild, self, member);
  }
  if (until !== undefined) {
    requireInGuild(world, guild, self, "ModerateMembers");
    requireAbove(guild, self, member);
    const admin = (guildPermissions(guild, member, 0) & bit("Administrator")) !== 0n;
    if (admin || (until !== null && Date.parse(until) > world.now() + MAX_TIMEOUT_MS))
      throw missingPermissions();
  }
  if (roles != null) {
    requireInGuild(world, guild, self, "ManageRoles");
    const changed = [
      ...roles.filter((id) => !member.roles.has(id)),
      ...[...member.roles].filter((id) => !roles.includes(id)),
    ];
    for (const id of changed) {
      const role = world.roles.get(guild, id);
      if (role.managed || role.id === guild.id) throw missingPermissions();
      requireRoleBelow(guild, self, role);
    }
  }
  world.members.update(
    guild,
    member,
    {
      ...(nick !== undefined && { nick: nick === "" ? null : nick }),
      ...(until !== undefined && { timeoutUntil: until === null ? null : Date.parse(until) }),
    },
    roles ?? undefined,
    reason,
  );
  return memberWire(member, world.user(member.userId));
}

/** Nobody gives a role more than they have. */
function requireOwn(world: World, guild: Guild, self: Member, permissions: bigint | null | undefined): void {
  const own = guildPermissions(guild, self, world.now());
  if (permissions != null && (permissions & ~own) !== 0n) throw missingPermissions();
}

const banWire = (world: World, guild: Guild, userId: string): object => {
  if (!guild.bans.has(userId)) throw unknownBan();
  return { user: userWire(world.user(userId)), reason: guild.bans.get(userId) ?? null };
};

export const guildRoutes = [
  route("GET /guilds/:guild", ({ world, param, query }) => {
    const { guild } = guildOf(world, param("guild"));
    return {
      ...guildWire(guild),
      ...(query.get("with_counts") === "true" && {
        approximate_member_count: guild.members.size,
        approximate_presence_count: 1,
      }),
    };
  }),

  route("GET /guilds/:guild/members", ({ world, param, query }) => {
    const { guild } = guildOf(world, param("guild"));
    if ((world.application.privilegedIntents & Intent.guildMembers) === 0) throw missingAccess();
    const after = BigInt(query.get("after") ?? "0");
    return [...guild.members.values()]
      .filter((member) => BigInt(member.userId) > after)
      .sort((a, b) => (BigInt(a.userId) < BigInt(b.userId) ? -1 : 1))
      .slice(0, limitOf(query, 1, 1_000))
      .map((member) => memberWire(member, world.user(member.userId)));
  }),
  route("GET /guilds/:guild/members/search", ({ world, param, query }) => {
    const { guild } = guildOf(world, param("guild"));
    const wanted = (query.get("query") ?? "").toLowerCase();
    return [...guild.members.values()]
      .filter((member) => {
        const user = world.user(member.userId);
        return [member.nick, user.globalName, user.username].some(
          (one) => one?.toLowerCase().startsWith(wanted) === true,
        );
      })
      .slice(0, limitOf(query, 1, 1_000))
      .map((member) => memberWire(member, world.user(member.userId)));
  }),
  route("GET /guilds/:guild/members/:user", ({ world, param }) => {
    const { guild } = guildOf(world, param("guild"));
    const member = world.members.get(guild, param("user"));
    return memberWire(member, world.user(member.userId));
  }),
  route("PATCH /guilds/:guild/members/@me", (call) => {
    const { world, param, reason } = call;
    const { guild, self } = guildOf(world, param("guild"));
    requireInGuild(world, guild, self, "ChangeNickname");
    world.members.update(guild, self, { nick: call.form(SelfMemberForm).nick ?? null }, undefined, reason);
    return memberWire(self, world.bot);
  }),
  route("PATCH /guilds/:guild/members/:user", patchMember, { limit: { requests: 10, perMs: 10_000 } }),
  route(
    "DELETE /guilds/:guild/members/:user",
    ({ world, param, reason }) => {
      const { guild, self } = guildOf(world, param("guild"));
      const member = world.members.get(guild, param("user"));
      requireInGuild(world, guild, self, "KickMembers");
      requireAbove(guild, self, member);
      world.members.remove(guild, member, "member_kicked", reason);
      return undefined;
    },
    { limit: { requests: 5, perMs: 1_000 } },
  ),
  route("PUT /guilds/:guild/members/:user/roles/:role", (call) => changeRole(call, true), {
    limit: { requests: 10, perMs: 10_000 },
  }),
  route("DELETE /guilds/:guild/members/:user/roles/:role", (call) => changeRole(call, false), {
    limit: { requests: 10, perMs: 10_000 },
  }),

  route("GET /guilds/:guild/bans", ({ world, param }) => {
    const { guild, self } = guildOf(world, param("guild"));
    requireInGuild(world, guild, self, "BanMembers");
    return [...guild.bans.keys()].map((userId) => banWire(world, guild, userId));
  }),
  route("GET /guilds/:guild/bans/:user", ({ world, param }) => {
    const { guild, self } = guildOf(world, param("guild"));
    requireInGuild(world, guild, self, "BanMembers");
    return banWire(world, guild, param("user"));
  }),
  route("PUT /guilds/:guild/bans/:user", ({ world, param, form, reason }) => {
    const { guild, self } = guildOf(world, param("guild"));
    const user = world.user(param("user"));
    form(BanForm);
    requireInGuild(world, guild, self, "BanMembers");
    const member = guild.members.get(user.id);
    if (member !== undefined) requireAbove(guild, self, member);
    world.members.ban(guild, user.id, reason);
    return undefined;
  }),
  route("DELETE /guilds/:guild/bans/:user", ({ world, param }) => {
    const { guild, self } = guildOf(world, param("guild"));
    requireInGuild(world, guild, self, "BanMembers");
    if (!guild.bans.has(param("user"))) throw unknownBan();
    world.members.unban(guild, param("user"));
    return undefined;
  }),

  route("GET /guilds/:guild/roles", ({ world, param }) =>
    [...guildOf(world, param("guild")).guild.roles.values()].map(roleWire),
  ),
  route("GET /guilds/:guild/roles/:role", ({ world, param }) =>
    roleWire(world.roles.get(guildOf(world, param("guild")).guild, param("role"))),
  ),
  route("POST /guilds/:guild/roles", ({ world, param, form }) => {
    const { guild, self } = guildOf(world, param("guild"));
    requireInGuild(world, guild, self, "ManageRoles");
    const { name: called, permissions, color, colors, hoist, mentionable } = form(RoleForm);
    requireOwn(world, guild, self, permissions);
    const role = world.roles.create(guild, {
      name: called ?? "new role",
      color: colors?.primary_color ?? color ?? 0,
      mentionable: mentionable ?? false,
      ...(permissions != null && { permissions: permissions.toString() }),
    });
    role.hoist = hoist ?? false;
    return roleWire(role);
  }),
  route("PATCH /guilds/:guild/roles/:role", ({ world, param, form }) => {
    const { guild, self } = guildOf(world, param("guild"));
    const role = world.roles.get(guild, param("role"));
    requireInGuild(world, guild, self, "ManageRoles");
    requireRoleBelow(guild, self, role);
    const { name: called, permissions, color, hoist, mentionable } = form(RoleForm);
    requireOwn(world, guild, self, permissions);
    world.roles.update(guild, role, {
      ...(called != null && { name: called }),
      ...(permissions != null && { permissions }),
      ...(color != null && { color }),
      ...(hoist != null && { hoist }),
      ...(mentionable != null && { mentionable }),
    });
    return roleWire(role);
  }),
  route("DELETE /guilds/:guild/roles/:role", ({ world, param }) => {
    const { guild, self } = guildOf(world, param("guild"));
    const role = world.roles.get(guild, param("role"));
    requireInGuild(world, guild, self, "ManageRoles");
    if (role.managed || role.id === guild.id) throw invalidRole();
    requireRoleBelow(guild, self, role);
    world.roles.delete(guild, role);
    return undefined;
  }),
];
