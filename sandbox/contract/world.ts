/** What a driver may put into the world, and what it is told about it. Times are milliseconds since 1970. */
import { z } from "zod";
import { PERMISSION_NAMES } from "../world/permissionNames.js";

export const PermissionName = z.enum(PERMISSION_NAMES);
export type PermissionName = z.infer<typeof PermissionName>;
/** A list of names (`["ViewChannel", "KickMembers"]`) or the bits as a decimal string. */
export const Permissions = z.union([z.array(PermissionName).readonly(), z.string()]);
export type Permissions = z.infer<typeof Permissions>;

export const NewUser = z.object({
  id: z.string().optional(),
  username: z.string(),
  globalName: z.string().optional(),
  /** A hash; the CDN answers for any. Without one the user has a default avatar. */
  avatar: z.string().optional(),
  /** One year ago unless told. The id encodes it, as on Discord. */
  createdAt: z.number().optional(),
  /** Whether the bot's direct messages are refused with 50007. */
  dmsClosed: z.boolean().optional(),
  bot: z.boolean().optional(),
});
export type NewUser = z.infer<typeof NewUser>;

export const Overwrite = z.object({
  id: z.string(),
  type: z.enum(["role", "member"]),
  allow: Permissions.optional(),
  deny: Permissions.optional(),
});
export type Overwrite = z.infer<typeof Overwrite>;

export const NewGuild = z.object({
  id: z.string().optional(),
  name: z.string(),
  /** A new user 'owner' is made when there is none. */
  ownerId: z.string().optional(),
  createdAt: z.number().optional(),
  /** What `@everyone` may do; by default what a new Discord guild allows. */
  everyone: Permissions.optional(),
  description: z.string().optional(),
  /** Hashes; the CDN draws a picture for any. */
  icon: z.string().optional(),
  banner: z.string().optional(),
  /** Such as `BANNER`, without which a guild cannot set one. */
  features: z.array(z.string()).optional(),
});
export type NewGuild = z.infer<typeof NewGuild>;

export const NewRole = z.object({
  id: z.string().optional(),
  name: z.string(),
  permissions: Permissions.optional(),
  /** Higher stands above lower; `@everyone` is 0. By default just above `@everyone`. */
  position: z.number().optional(),
  color: z.number().optional(),
  managed: z.boolean().optional(),
  hoist: z.boolean().optional(),
  mentionable: z.boolean().optional(),
});
export type NewRole = z.infer<typeof NewRole>;

export const ChannelKind = z.enum(["text", "voice", "category", "announcement", "forum"]);
export type ChannelKind = z.infer<typeof ChannelKind>;

export const NewChannel = z.object({
  id: z.string().optional(),
  name: z.string(),
  type: ChannelKind.optional(),
  topic: z.string().optional(),
  parentId: z.string().optional(),
  overwrites: z.array(Overwrite).optional(),
});
export type NewChannel = z.infer<typeof NewChannel>;

export const NewMember = z.object({
  roles: z.array(z.string()).optional(),
  joinedAt: z.number().optional(),
  nick: z.string().optional(),
  timeoutUntil: z.number().optional(),
});
export type NewMember = z.infer<typeof NewMember>;

export const User = z.object({
  id: z.string(),
  username: z.string(),
  globalName: z.string().nullable(),
  avatar: z.string().nullable(),
  bot: z.boolean(),
  dmsClosed: z.boolean(),
});
export type User = z.infer<typeof User>;

export const Member = z.object({
  userId: z.string(),
  nick: z.string().nullable(),
  /** Without `@everyone`. */
  roles: z.array(z.string()),
  joinedAt: z.number(),
  timeoutUntil: z.number().nullable(),
});
export type Member = z.infer<typeof Member>;

export const Role = z.object({
  id: z.string(),
  name: z.string(),
  permissions: z.string(),
  position: z.number(),
  color: z.number(),
  hoist: z.boolean(),
  managed: z.boolean(),
});
export type Role = z.infer<typeof Role>;

export const Channel = z.object({
  id: z.string(),
  guildId: z.string().nullable(),
  name: z.string().nullable(),
  /** Discord's channel type number. */
  type: z.number(),
  parentId: z.string().nullable(),
  /** Only threads have these. */
  archived: z.boolean().optional(),
  locked: z.boolean().optional(),
  memberIds: z.array(z.string()).optional(),
});
export type Channel = z.infer<typeof Channel>;

export const Guild = z.object({
  id: z.string(),
  name: z.string(),
  ownerId: z.string(),
  /** Whether the bot is a member. */
  withBot: z.boolean(),
  roles: z.array(Role),
  channels: z.array(Channel),
  memberCount: z.number(),
});
export type Guild = z.infer<typeof Guild>;

/** Whatever has a name may be meant by it: users, roles and categories; `@everyone` and `@bot` are known. */
export const Seed = z.object({
  application: z
    .object({
      name: z.string().optional(),
      /** Where OAuth2 may send people back to; none named allows any address of this machine. */
      redirectUris: z.array(z.string()).optional(),
      /** Privileged intents granted to the application; all by default. */
      privilegedIntents: z.array(z.enum(["GuildMembers", "GuildPresences", "MessageContent"])).optional(),
    })
    .optional(),
  users: z.array(NewUser).optional(),
  guilds: z
    .array(
      NewGuild.extend({
        /** When given, the bot is a member, with these permissions on its own role. */
        bot: Permissions.optional(),
        /** Where the bot's own role stands. */
        botPosition: z.number().optional(),
        roles: z.array(NewRole).optional(),
        channels: z.array(NewChannel).optional(),
        members: z.array(NewMember.extend({ userId: z.string() })).optional(),
        messages: z
          .array(z.object({ channel: z.string(), author: z.string(), content: z.string() }))
          .optional(),
      }),
    )
    .optional(),
});
export type Seed = z.infer<typeof Seed>;

/** The ids of the guild that `exampleGuild` makes. */
export const ExampleGuild = z.object({
  guildId: z.string(),
  ownerId: z.string(),
  adminId: z.string(),
  moderatorIds: z.tuple([z.string(), z.string()]),
  /** Members without a role, whose accounts are a year old and who joined an hour ago. */
  applicantIds: z.array(z.string()),
  botId: z.string(),
  roles: z.object({
    admin: z.string(),
    moderator: z.string(),
    bot: z.string(),
    member: z.string(),
    unverified: z.string(),
  }),
  channels: z.object({
    gate: z.string(),
    review: z.string(),
    general: z.string(),
    logs: z.string(),
    modmail: z.string(),
    unverified: z.string(),
  }),
});
export type ExampleGuild = z.infer<typeof ExampleGuild>;

export const ExampleOptions = z.object({
  name: z.string().optional(),
  applicants: z.number().int().min(0).max(50_000).optional(),
  /** What the bot's own role may do; by default all that a moderation bot needs, without Administrator. */
  botPermissions: Permissions.optional(),
  /** False leaves the bot out, to be invited later with `addBot`. */
  withBot: z.boolean().optional(),
});
export type ExampleOptions = z.infer<typeof ExampleOptions>;
