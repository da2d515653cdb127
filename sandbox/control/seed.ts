/** Whole worlds at once. */
import type { ExampleGuild, ExampleOptions, NewGuild, Permissions, Seed } from "../contract/world.js";
import { INTENT_NAMES } from "../world/dispatch.js";
import type { Guild } from "../world/state.js";
import type { World } from "../world/World.js";

const HOUR_MS = 3_600_000;

/** What a moderation bot needs, without Administrator. */
const BOT_PERMISSIONS: Permissions = [
  "ViewChannel",
  "SendMessages",
  "SendMessagesInThreads",
  "EmbedLinks",
  "AttachFiles",
  "ReadMessageHistory",
  "AddReactions",
  "UseExternalEmojis",
  "UseApplicationCommands",
  "ManageMessages",
  "PinMessages",
  "ManageThreads",
  "CreatePrivateThreads",
  "CreatePublicThreads",
  "ManageRoles",
  "KickMembers",
  "BanMembers",
  "ManageGuild",
  "ModerateMembers",
  "ManageNicknames",
  "ChangeNickname",
  "ViewAuditLog",
];

export function seedWorld(world: World, seed: Seed): Guild[] {
  world.application.redirectUris = [...(seed.application?.redirectUris ?? world.application.redirectUris)];
  const granted = seed.application?.privilegedIntents;
  if (granted !== undefined)
    world.application.privilegedIntents = granted.reduce((all, name) => all | INTENT_NAMES[name], 0);
  for (const user of seed.users ?? []) world.users.create(user);
  return (seed.guilds ?? []).map((fresh) => seedGuild(world, fresh));
}

type NewWorldGuild = NonNullable<Seed["guilds"]>[number];

function seedGuild(world: World, fresh: NewWorldGuild): Guild {
  const { bot, botPosition, roles, channels, members, messages, ...rest } = fresh;
  const userId = (name: string): string =>
    name === "@bot"
      ? world.bot.id
      : ([...world.users.all.values()].find(({ username }) => username === name)?.id ?? name);
  const parts: NewGuild = rest;
  const guild = world.guilds.create({
    ...parts,
    ...(parts.ownerId !== undefined && { ownerId: userId(parts.ownerId) }),
  });
  const byName = (all: ReadonlyMap<string, { id: string; name: string | null }>, name: string): string =>
    [...all.values()].find((one) => one.name === name)?.id ?? name;
  for (const role of roles ?? []) world.roles.create(guild, role);
  for (const { userId: who, roles: theirs = [], ...member } of members ?? []) {
    world.members.add(guild, userId(who), {
      ...member,
      roles: theirs.map((name) => byName(guild.roles, name)),
    });
  }
  if (bot !== undefined) {
    const own = world.guilds.addBot(guild, bot);
    // What entered below it goes back to where it was said to stand.
    for (const role of roles ?? []) {
      const { position } = role;
      if (position !== undefined)
        world.roles.update(guild, world.roles.get(guild, byName(guild.roles, role.name)), { position });
    }
    if (botPosition !== undefined) world.roles.update(guild, own, { position: botPosition });
  }
  for (const { parentId, overwrites = [], ...channel } of channels ?? []) {
    world.channels.create(guild, {
      ...channel,
      ...(parentId !== undefined && { parentId: byName(guild.channels, parentId) }),
      overwrites: overwrites.map((one) => ({
        ...one,
        id: one.type === "role" ? byName(guild.roles, one.id) : userId(one.id),
      })),
    });
  }
  for (const { channel, author, content } of messages ?? []) {
    world.messages.create(world.channel(byName(guild.channels, channel)), {
      author: world.user(userId(author)),
      content,
    });
  }
  return guild;
}

/** A guild with an owner, an admin, two moderators, applicants, and the bot above the role it will give. */
export function exampleGuild(world: World, options: ExampleOptions): ExampleGuild {
  const now = world.now();
  const person = (username: string, globalName: string): string =>
    world.users.create({ username, globalName, avatar: hash(username) }).id;
  const ownerId = person("owner", "Olive Owner");
  const guild = world.guilds.create({ name: options.name ?? "Example", ownerId });

  // From the bottom up; the bot's own role enters below and is then put above Member and Moderator.
  const unverified = world.roles.create(guild, { name: "Unverified", permissions: [], position: 1 });
  const member = world.roles.create(guild, { name: "Member", position: 2 });
  const moderator = world.roles.create(guild, {
    name: "Moderator",
    permissions: ["KickMembers", "ManageMessages", "ModerateMembers"],
    position: 3,
  });
  const admin = world.roles.create(guild, { name: "Admin", permissions: ["Administrator"], position: 5 });

  const join = (userId: string, roles: string[], agoMs: number): string => {
    world.members.add(guild, userId, { roles, joinedAt: now - agoMs });
    return userId;
  };
  const adminId = join(person("admin", "Ada Admin"), [admin.id], 100 * 24 * HOUR_MS);
  const first = join(person("mara", "Mara Moderator"), [moderator.id, member.id], 90 * 24 * HOUR_MS);
  const second = join(person("milo", "Milo Moderator"), [moderator.id, member.id], 80 * 24 * HOUR_MS);
  const names = ["Anna", "Ben", "Cleo", "Dan", "Eve"];
  const applicantIds = Array.from({ length: options.applicants ?? 3 }, (_, index) => {
    const name = names[index] ?? `Applicant ${index + 1}`;
    return join(person(name.toLowerCase().replaceAll(" ", "_"), name), [], HOUR_MS);
  });

  const everyone = (deny: Permissions) => [{ id: guild.id, type: "role" as const, deny }];
  const staffOnly = [
    ...everyone(["ViewChannel"]),
    { id: moderator.id, type: "role" as const, allow: ["ViewChannel" as const] },
    { id: world.bot.id, type: "member" as const, allow: ["ViewChannel" as const] },
  ];
  const channel = (
    name: string,
    overwrites: Parameters<typeof world.channels.create>[1]["overwrites"] = [],
  ): string => world.channels.create(guild, { name, overwrites }).id;
  const channels = {
    gate: channel("gate"),
    review: channel("review", staffOnly),
    general: channel("general"),
    logs: channel("logs", staffOnly),
    modmail: channel("modmail", staffOnly),
    unverified: channel("unverified"),
  };

  let botRole = "";
  if (options.withBot !== false) {
    const role = world.guilds.addBot(guild, options.botPermissions ?? BOT_PERMISSIONS);
    for (const [one, position] of [
      [unverified, 1],
      [member, 2],
      [moderator, 3],
      [role, 4],
      [admin, 5],
    ] as const) {
      world.roles.update(guild, one, { position });
    }
    botRole = role.id;
  }
  return {
    guildId: guild.id,
    ownerId,
    adminId,
    moderatorIds: [first, second],
    applicantIds,
    botId: world.bot.id,
    roles: {
      admin: admin.id,
      moderator: moderator.id,
      bot: botRole,
      member: member.id,
      unverified: unverified.id,
    },
    channels,
  };
}

/** An avatar hash that only depends on the name. */
function hash(name: string): string {
  return Buffer.from(name.padEnd(16, "-").slice(0, 16)).toString("hex");
}
