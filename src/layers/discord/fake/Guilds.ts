import { Effect } from "effect";
import { PERMISSION_NAMES, type PermissionName } from "../../../domain/DiscordPermission.js";
import { type ChannelId, type GuildId, type Millis, type RoleId, UserId } from "../../../domain/Ids.js";
import type { Member } from "../../../domain/Person.js";
import type { DiscordShape } from "../../Discord.js";
import { MissingPermission, UnknownTarget } from "../Errors.js";
import type { ChannelHealth, RoleHealth } from "../Guild.js";

/** A guild as the bot sees it. Channels, roles and members that are not named do not exist. */
export interface FakeGuild {
  readonly id: GuildId;
  readonly name: string;
  readonly available?: boolean;
  /** Somebody whom no test speaks of, if nobody is named. */
  readonly ownerId?: UserId;
  readonly iconUrl?: string;
  readonly bannerUrl?: string;
  readonly channels?: ReadonlyArray<readonly [ChannelId, ChannelHealth]>;
  readonly roles?: ReadonlyArray<readonly [RoleId, RoleHealth]>;
  readonly members?: ReadonlyArray<UserId>;
  /** Rights of the bot that are missing in the whole guild. */
  readonly lacks?: ReadonlyArray<PermissionName>;
  /** People whose role stands above the bot's. */
  readonly aboveBot?: ReadonlyArray<UserId>;
  /** Roles whose mention pings nobody. */
  readonly silentRoles?: ReadonlyArray<RoleId>;
}

interface World {
  readonly facts: FakeGuild;
  readonly channels: ReadonlyMap<ChannelId, ChannelHealth>;
  readonly roles: ReadonlyMap<RoleId, RoleHealth>;
  readonly members: Map<UserId, Set<RoleId>>;
  readonly described: Map<UserId, Member>;
  readonly bans: Set<UserId>;
  readonly joined: Map<UserId, Millis>;
}

const NOBODY = UserId.make("100000000000000001");

type Facts = Pick<
  DiscordShape,
  "guildIds" | "guild" | "channels" | "roles" | "channelHealth" | "roleHealth" | "mentionable" | "lacks"
>;

/** The guilds that the bot is in, with what it knows of them without asking. */
export const makeGuilds = (open: (channelId: ChannelId) => void) => {
  const guilds = new Map<GuildId, World>();

  const healthOf = (
    guildId: GuildId,
    channelId: ChannelId,
    needs: ReadonlyArray<PermissionName>,
  ): ChannelHealth => {
    const health = guilds.get(guildId)?.channels.get(channelId);
    if (health === undefined) {
      return {
        _tag: [...guilds.values()].some((guild) => guild.channels.has(channelId)) ? "Elsewhere" : "Missing",
      };
    }
    if (health._tag !== "Lacks") return health;
    const needed = needs.map((name) => PERMISSION_NAMES[name]);
    const lacking = health.permissions.filter((name) => needed.some((wanted) => wanted === name));
    return lacking.length === 0 ? { _tag: "Ok", name: health.name } : { ...health, permissions: lacking };
  };

  const discord: Facts = {
    guildIds: Effect.sync(() => [...guilds.keys()]),
    guild: (guildId) =>
      Effect.sync(() => {
        const guild = guilds.get(guildId);
        if (guild === undefined) return null;
        const {
          id,
          name,
          available = true,
          ownerId = NOBODY,
          iconUrl = null,
          bannerUrl = null,
        } = guild.facts;
        return { id, name, available, ownerId, iconUrl, bannerUrl, memberCount: guild.members.size };
      }),
    channels: (guildId, asked) =>
      Effect.sync(() =>
        [...(guilds.get(guildId)?.channels ?? [])].flatMap(([id, health]) => {
          if (health._tag !== "Ok" && health._tag !== "Lacks") return [];
          const lacks =
            health._tag === "Ok"
              ? []
              : asked.filter((permission) => health.permissions.includes(PERMISSION_NAMES[permission]));
          return [{ id, name: health.name, category: null, kind: "text", lacks }];
        }),
      ),
    roles: (guildId) =>
      Effect.sync(() =>
        [...(guilds.get(guildId)?.roles ?? [])].flatMap(([id, health]) => {
          if (health._tag === "Missing") return [];
          const name = health._tag === "Everyone" ? "@everyone" : health.name;
          return [{ id, name, color: null, health }];
        }),
      ),
    channelHealth: (guildId, channelId, needs) => Effect.sync(() => healthOf(guildId, channelId, needs)),
    roleHealth: (guildId, roleId) =>
      Effect.sync(() => guilds.get(guildId)?.roles.get(roleId) ?? { _tag: "Missing" }),
    mentionable: (guildId, roleId) =>
      Effect.sync(() => guilds.get(guildId)?.facts.silentRoles?.includes(roleId) !== true),
    lacks: (guildId, permission) =>
      Effect.sync(() => guilds.get(guildId)?.facts.lacks?.includes(permission) === true),
  };

  return {
    discord,
    find: (id: GuildId): World | undefined => guilds.get(id),
    get: (id: GuildId) =>
      Effect.suspend(() => {
        const found = guilds.get(id);
        return found === undefined
          ? Effect.fail(new UnknownTarget({ target: "guild" }))
          : Effect.succeed(found);
      }),
    requireRight: ({ facts }: World, permission: PermissionName) =>
      facts.lacks?.includes(permission) === true
        ? Effect.fail(new MissingPermission({ permission: PERMISSION_NAMES[permission] }))
        : Effect.void,
    fake: {
      putGuild: (guild: FakeGuild) =>
        Effect.sync(() => {
          guilds.set(guild.id, {
            facts: guild,
            channels: new Map(guild.channels),
            roles: new Map(guild.roles),
            members: new Map((guild.members ?? []).map((id) => [id, new Set()])),
            described: new Map(),
            bans: new Set(),
            joined: new Map(),
          });
          for (const [id, health] of guild.channels ?? []) if (health._tag !== "Missing") open(id);
        }),
      removeGuild: (id: GuildId) => Effect.sync(() => void guilds.delete(id)),
    },
  };
};
export type Guilds = ReturnType<typeof makeGuilds>;
