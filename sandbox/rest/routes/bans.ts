import { z } from "zod";
import { noBanSucceeded, unknownBan } from "../../errors.js";
import { AuditAction } from "../../world/AuditLog.js";
import { outranksMember } from "../../world/permissions.js";
import { compareIds, snowflakeTime } from "../../world/Snowflakes.js";
import type { Guild } from "../../world/state.js";
import { userWire } from "../../world/wire.js";
import type { World } from "../../world/World.js";
import { guildOf, requireAbove, requireInGuild } from "../access.js";
import { logDeed } from "../audit.js";
import { integer, list, snowflake } from "../forms/kit.js";
import { route } from "../router.js";
import type { Asked } from "../router.js";
import { limitOf } from "./paging.js";

const seconds = integer(0, 604_800).nullish();
const BanForm = z.strictObject({
  delete_message_seconds: seconds,
  delete_message_days: integer(0, 7).nullish(),
});
const BulkForm = z.strictObject({
  user_ids: list(snowflake, 200, 1),
  delete_message_seconds: seconds,
});

const banWire = (world: World, guild: Guild, userId: string): object => {
  if (!guild.bans.has(userId)) throw unknownBan();
  return { user: userWire(world.user(userId)), reason: guild.bans.get(userId) ?? null };
};

/** Their messages of the last seconds go with them. */
function deleteMessagesOf(world: World, guild: Guild, userId: string, seconds: number): void {
  if (seconds === 0) return;
  const since = world.now() - seconds * 1_000;
  for (const channel of guild.channels.values()) {
    const theirs = [...channel.messages.values()].filter(
      (message) => message.author.id === userId && snowflakeTime(message.id) >= since,
    );
    if (theirs.length > 0) world.messages.deleteMany(channel, theirs);
  }
}

function banOne(call: Asked, guild: Guild, userId: string, deleteSeconds: number): void {
  const known = guild.bans.has(userId);
  call.world.members.ban(guild, userId, call.reason);
  deleteMessagesOf(call.world, guild, userId, deleteSeconds);
  if (!known) logDeed(call, guild, AuditAction.memberBanAdd, userId);
}

export const banRoutes = [
  route("GET /guilds/:guild/bans", ({ world, param, query }) => {
    const { guild, self } = guildOf(world, param("guild"));
    requireInGuild(world, guild, self, "BanMembers");
    const limit = limitOf(query, 1_000, 1_000);
    const before = query.get("before");
    const after = query.get("after");
    const ids = [...guild.bans.keys()].sort(compareIds);
    const page =
      before !== null
        ? ids.filter((id) => compareIds(id, before) < 0).slice(-limit)
        : ids.filter((id) => after === null || compareIds(id, after) > 0).slice(0, limit);
    return page.map((userId) => banWire(world, guild, userId));
  }),
  route("GET /guilds/:guild/bans/:user", ({ world, param }) => {
    const { guild, self } = guildOf(world, param("guild"));
    requireInGuild(world, guild, self, "BanMembers");
    return banWire(world, guild, param("user"));
  }),
  route("PUT /guilds/:guild/bans/:user", (call) => {
    const { world, param, form } = call;
    const { guild, self } = guildOf(world, param("guild"));
    const user = world.user(param("user"));
    const { delete_message_seconds: secs, delete_message_days: days } = form(BanForm);
    requireInGuild(world, guild, self, "BanMembers");
    const member = guild.members.get(user.id);
    if (member !== undefined) requireAbove(guild, self, member);
    banOne(call, guild, user.id, secs ?? (days ?? 0) * 86_400);
    return undefined;
  }),
  route("DELETE /guilds/:guild/bans/:user", (call) => {
    const { world, param } = call;
    const { guild, self } = guildOf(world, param("guild"));
    requireInGuild(world, guild, self, "BanMembers");
    if (!guild.bans.has(param("user"))) throw unknownBan();
    world.members.unban(guild, param("user"));
    logDeed(call, guild, AuditAction.memberBanRemove, param("user"));
    return undefined;
  }),

  // Those who cannot be banned are named; only when nobody was, it is refused.
  route("POST /guilds/:guild/bulk-ban", (call) => {
    const { world, param } = call;
    const { guild, self } = guildOf(world, param("guild"));
    requireInGuild(world, guild, self, "BanMembers", "ManageGuild");
    const { user_ids: ids, delete_message_seconds: secs } = call.form(BulkForm);
    const banned = [...new Set(ids)].filter((id) => {
      const member = guild.members.get(id);
      const may =
        world.users.all.has(id) &&
        !guild.bans.has(id) &&
        (member === undefined || outranksMember(guild, self, member));
      if (may) banOne(call, guild, id, secs ?? 0);
      return may;
    });
    if (banned.length === 0) throw noBanSucceeded();
    return { banned_users: banned, failed_users: [...new Set(ids)].filter((id) => !banned.includes(id)) };
  }),
];
