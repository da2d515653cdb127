import { Effect } from "effect";
import { PERMISSION_NAMES } from "../../../domain/DiscordPermission.js";
import { createdAt, type GuildId, Millis, type RoleId, type UserId } from "../../../domain/Ids.js";
import type { Member } from "../../../domain/Person.js";
import type { DiscordShape } from "../../Discord.js";
import { DEFAULT_CDN } from "../Client.js";
import { MissingPermission, RoleHierarchy, UnknownTarget } from "../Errors.js";
import type { Calls } from "./Calls.js";
import type { Guilds } from "./Guilds.js";

/** Somebody of whom a test has said nothing but that they are there. */
const memberOf = (id: UserId): Member => ({
  id,
  username: "robin",
  displayName: "Robin",
  avatarUrl: `${DEFAULT_CDN}/embed/avatars/0.png`,
  bot: false,
  roles: [],
  permissions: 0n,
  joinedAt: null,
});

type Operations = Pick<
  DiscordShape,
  | "addRole"
  | "roleChangedBy"
  | "membersAfter"
  | "isMember"
  | "user"
  | "member"
  | "members"
  | "bulkBan"
  | "isBanned"
  | "kick"
>;

/** Who is in the guilds, with which roles, and who may not come back. */
export const makeMembers = ({ perform }: Calls, guilds: Guilds) => {
  let roleActor: UserId | "the bot" | null = null;

  const described = (guildId: GuildId, id: UserId): Member | null => {
    const guild = guilds.find(guildId);
    const roles = guild?.members.get(id);
    if (guild === undefined || roles === undefined) return null;
    const known = guild.described.get(id) ?? memberOf(id);
    return { ...known, roles: [...known.roles, ...roles] };
  };

  const member = (guildId: GuildId, userId: UserId) =>
    Effect.gen(function* () {
      const guild = yield* guilds.get(guildId);
      const roles = guild.members.get(userId);
      if (roles === undefined) return yield* new UnknownTarget({ target: "member" });
      return { guild, roles };
    });

  const addRole = (guildId: GuildId, userId: UserId, roleId: RoleId) =>
    Effect.gen(function* () {
      const { guild, roles } = yield* member(guildId, userId);
      yield* guilds.requireRight(guild, "ManageRoles");
      const role = guild.roles.get(roleId);
      if (role === undefined || role._tag === "Missing") return yield* new UnknownTarget({ target: "role" });
      if (role._tag === "AboveBot") return yield* new RoleHierarchy({ subject: "role", name: role.name });
      if (role._tag !== "Ok")
        return yield* new MissingPermission({ permission: PERMISSION_NAMES.ManageRoles });
      roles.add(roleId);
    });

  const discord: Operations = {
    addRole: (guildId, userId, roleId, reason) =>
      perform({ _tag: "addRole", guildId, userId, roleId, reason }, addRole(guildId, userId, roleId)),
    roleChangedBy: (guildId, userId, roleId) =>
      perform(
        { _tag: "roleChangedBy", guildId, userId, roleId },
        Effect.sync(() => roleActor),
      ),
    membersAfter: (guildId, after, limit) =>
      perform(
        { _tag: "membersAfter", guildId, after, limit },
        Effect.map(guilds.get(guildId), (guild) =>
          [...guild.members.keys()]
            .sort((one, other) => (BigInt(one) < BigInt(other) ? -1 : 1))
            .filter((id) => BigInt(id) > BigInt(after ?? "0"))
            .slice(0, limit)
            .map((id) => ({
              id,
              bot: guild.described.get(id)?.bot ?? false,
              roles: [...(guild.described.get(id)?.roles ?? []), ...(guild.members.get(id) ?? [])],
              joinedAt: guild.joined.get(id) ?? Millis.make(createdAt(id)),
            })),
        ),
      ),
    isMember: (guildId, userId) =>
      perform(
        { _tag: "isMember", guildId, userId },
        Effect.sync(() => guilds.find(guildId)?.members.has(userId) === true),
      ),
    user: (userId) =>
      perform(
        { _tag: "user", userId },
        Effect.succeed({
          id: userId,
          username: "robin",
          displayName: "Robin",
          avatarUrl: `${DEFAULT_CDN}/avatars/${userId}/now.png?size=256`,
          bot: false,
        }),
      ),
    members: (guildId, userIds) =>
      perform(
        { _tag: "members", guildId, userIds },
        Effect.sync(
          () =>
            new Map(
              userIds.flatMap((id) => {
                const found = described(guildId, id);
                return found === null ? [] : [[id, found] as const];
              }),
            ),
        ),
      ),
    member: (guildId, userId) =>
      perform(
        { _tag: "member", guildId, userId },
        Effect.sync(() => described(guildId, userId)),
      ),
    bulkBan: (guildId, userIds, reason) =>
      perform(
        { _tag: "bulkBan", guildId, userIds, reason },
        Effect.gen(function* () {
          const guild = yield* guilds.get(guildId);
          yield* guilds.requireRight(guild, "BanMembers");
          yield* guilds.requireRight(guild, "ManageGuild");
          const failed = userIds.filter((id) => guild.bans.has(id) || guild.facts.aboveBot?.includes(id));
          for (const id of userIds) {
            if (failed.includes(id)) continue;
            guild.members.delete(id);
            guild.bans.add(id);
          }
          return failed;
        }),
      ),
    isBanned: (guildId, userId) =>
      perform(
        { _tag: "isBanned", guildId, userId },
        Effect.sync(() => guilds.find(guildId)?.bans.has(userId) === true),
      ),
    kick: (guildId, userId, reason) =>
      perform(
        { _tag: "kick", guildId, userId, reason },
        Effect.gen(function* () {
          const { guild } = yield* member(guildId, userId);
          yield* guilds.requireRight(guild, "KickMembers");
          guild.members.delete(userId);
        }),
      ),
  };

  return {
    discord,
    fake: {
      addMember: (guildId: GuildId, userId: UserId, joinedAt: Millis) =>
        Effect.sync(() => {
          guilds.find(guildId)?.members.set(userId, new Set());
          guilds.find(guildId)?.joined.set(userId, joinedAt);
        }),
      putMember: (guildId: GuildId, described: Member) =>
        Effect.sync(() => {
          guilds.find(guildId)?.members.set(described.id, new Set());
          guilds.find(guildId)?.described.set(described.id, described);
        }),
      removeMember: (guildId: GuildId, userId: UserId) =>
        Effect.sync(() => void guilds.find(guildId)?.members.delete(userId)),
      rolesOf: (guildId: GuildId, userId: UserId) =>
        Effect.sync(() => {
          const roles = guilds.find(guildId)?.members.get(userId);
          return roles === undefined ? null : [...roles];
        }),
      bansOf: (guildId: GuildId) => Effect.sync(() => [...(guilds.find(guildId)?.bans ?? [])]),
      setRoleActor: (by: UserId | "the bot" | null) =>
        Effect.sync(() => {
          roleActor = by;
        }),
    },
  };
};
