import { z } from "zod";
import { invalidRole, missingAccess, missingPermissions } from "../../errors.js";
import { AuditAction, changesBetween } from "../../world/AuditLog.js";
import { Intent } from "../../world/dispatch.js";
import { bit, guildPermissions } from "../../world/permissions.js";
import { compareIds } from "../../world/Snowflakes.js";
import type { AuditChange, Guild } from "../../world/state.js";
import { memberPart, memberWire } from "../../world/wire.js";
import { guildOf, requireAbove, requireInGuild, requireRoleBelow } from "../access.js";
import { logDeed } from "../audit.js";
import { integer, snowflake, text } from "../forms/kit.js";
import { route } from "../router.js";
import type { Call } from "../router.js";
import { limitOf } from "./paging.js";

const MemberForm = z.strictObject({
  nick: text(32).nullish(),
  roles: z.array(snowflake).nullish(),
  communication_disabled_until: z.string().nullish(),
  // discord.js sends its own name for it along, and Discord ignores that.
  communicationDisabledUntil: z.unknown().optional(),
});
const SelfMemberForm = z.strictObject({ nick: text(32).nullish() });
const PruneForm = z.strictObject({
  days: integer(1, 30).nullish(),
  compute_prune_count: z.boolean().nullish(),
  include_roles: z.union([z.string(), z.array(snowflake)]).nullish(),
});
const MAX_TIMEOUT_MS = 28 * 86_400_000;

function roleChange(guild: Guild, key: "$add" | "$remove", ids: readonly string[]): AuditChange[] {
  if (ids.length === 0) return [];
  return [{ key, new_value: ids.map((id) => ({ id, name: guild.roles.get(id)?.name ?? "" })) }];
}

function changeRole(call: Call<"guild" | "user" | "role">, add: boolean): undefined {
  const { world, param, reason } = call;
  const { guild, self } = guildOf(world, param("guild"));
  const member = world.members.get(guild, param("user"));
  const role = world.roles.get(guild, param("role"));
  requireInGuild(world, guild, self, "ManageRoles");
  if (role.id === guild.id) throw invalidRole();
  if (role.managed) throw missingPermissions();
  requireRoleBelow(guild, self, role);
  if (member.roles.has(role.id) === add) return undefined;
  if (add) world.members.addRole(guild, member, role, reason);
  else world.members.removeRole(guild, member, role, reason);
  const changes = roleChange(guild, add ? "$add" : "$remove", [role.id]);
  logDeed(call, guild, AuditAction.memberRoleUpdate, member.userId, { changes });
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
  const added = (roles ?? []).filter((id) => !member.roles.has(id));
  const removed = roles == null ? [] : [...member.roles].filter((id) => !roles.includes(id));
  if (roles != null) {
    requireInGuild(world, guild, self, "ManageRoles");
    for (const id of [...added, ...removed]) {
      const role = world.roles.get(guild, id);
      if (role.managed || role.id === guild.id) throw missingPermissions();
      requireRoleBelow(guild, self, role);
    }
  }
  const { roles: _before, ...before } = memberPart(member);
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
  const { roles: _after, ...after } = memberPart(member);
  const changes = changesBetween(before, after);
  if (changes.length > 0) logDeed(call, guild, AuditAction.memberUpdate, member.userId, { changes });
  const moved = [...roleChange(guild, "$add", added), ...roleChange(guild, "$remove", removed)];
  if (moved.length > 0) logDeed(call, guild, AuditAction.memberRoleUpdate, member.userId, { changes: moved });
  return memberWire(member, world.user(member.userId));
}

/** Who has no role but those named. Nobody here was ever seen offline: the days do not matter. */
function prunable(guild: Guild, included: readonly string[], botId: string) {
  return [...guild.members.values()].filter(
    ({ userId, roles }) =>
      userId !== guild.ownerId && userId !== botId && [...roles].every((id) => included.includes(id)),
  );
}

const rolesOf = (given: string | readonly string[] | null | undefined): string[] =>
  typeof given === "string" ? given.split(",").filter((id) => id !== "") : [...(given ?? [])];

export const memberRoutes = [
  route("GET /guilds/:guild/members", ({ world, param, query }) => {
    const { guild } = guildOf(world, param("guild"));
    if ((world.application.privilegedIntents & Intent.guildMembers) === 0) throw missingAccess();
    const after = query.get("after") ?? "0";
    return [...guild.members.values()]
      .filter((member) => compareIds(member.userId, after) > 0)
      .sort((a, b) => compareIds(a.userId, b.userId))
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
    (call) => {
      const { world, param, reason } = call;
      const { guild, self } = guildOf(world, param("guild"));
      const member = world.members.get(guild, param("user"));
      requireInGuild(world, guild, self, "KickMembers");
      requireAbove(guild, self, member);
      world.members.remove(guild, member, "member_kicked", reason);
      logDeed(call, guild, AuditAction.memberKick, member.userId);
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

  route("GET /guilds/:guild/prune", ({ world, param, query }) => {
    const { guild, self } = guildOf(world, param("guild"));
    requireInGuild(world, guild, self, "ManageGuild", "KickMembers");
    return { pruned: prunable(guild, rolesOf(query.get("include_roles")), world.bot.id).length };
  }),
  route("POST /guilds/:guild/prune", (call) => {
    const { world, param, reason } = call;
    const { guild, self } = guildOf(world, param("guild"));
    requireInGuild(world, guild, self, "ManageGuild", "KickMembers");
    const form = call.form(PruneForm);
    const gone = prunable(guild, rolesOf(form.include_roles), world.bot.id);
    for (const member of gone) world.members.remove(guild, member, "member_kicked", reason);
    logDeed(call, guild, AuditAction.memberPrune, null, {
      options: { delete_member_days: String(form.days ?? 7), members_removed: String(gone.length) },
    });
    return { pruned: form.compute_prune_count === false ? null : gone.length };
  }),
];
