import { z } from "zod";
import { ApiError, missingPermissions, unknownMember, wrongChannelType } from "../../errors.js";
import { AuditAction, changesBetween } from "../../world/AuditLog.js";
import { compareIds } from "../../world/Snowflakes.js";
import { ChannelType } from "../../world/state.js";
import type { Channel } from "../../world/state.js";
import type { World } from "../../world/World.js";
import { channelOf, guildOf, guildOfChannel, may } from "../access.js";
import { logDeed } from "../audit.js";
import { integer, name } from "../forms/kit.js";
import { CREATED, route } from "../router.js";
import type { Asked } from "../router.js";
import { messageOf } from "./messages.js";
import { limitOf } from "./paging.js";

const archiveMinutes = z.union([z.literal(60), z.literal(1440), z.literal(4320), z.literal(10080)]);
const parts = {
  name: name(100),
  auto_archive_duration: archiveMinutes.nullish(),
  rate_limit_per_user: integer(0, 21_600).nullish(),
};
const WithoutMessage = z.strictObject({
  ...parts,
  type: z.union([z.literal(11), z.literal(12)]).nullish(),
  invitable: z.boolean().nullish(),
});
// discord.js sends the type along, and Discord ignores that: it follows from the channel.
const OnMessage = z.strictObject({ ...parts, type: z.union([z.literal(10), z.literal(11)]).nullish() });

function threadOf(world: World, id: string): Channel {
  const channel = channelOf(world, id);
  if (channel.thread === null) throw wrongChannelType();
  return channel;
}

function parentOf(world: World, id: string): Channel {
  const parent = channelOf(world, id);
  guildOfChannel(world, parent);
  if (parent.type !== ChannelType.text && parent.type !== ChannelType.announcement) throw wrongChannelType();
  return parent;
}

/** A person who does not see the thread's channel cannot be put into it. */
function addMember(world: World, threadId: string, userId: string): undefined {
  const channel = threadOf(world, threadId);
  const guild = guildOfChannel(world, channel);
  const member = world.members.get(guild, userId);
  if (!may(world, channel, "SendMessages")) throw missingPermissions();
  const parent = world.channel(channel.parentId ?? "");
  if (world.channels.permissionsOf(member.userId, parent) === 0n) throw missingPermissions();
  world.threads.addMember(channel, member.userId);
  return undefined;
}

function created(call: Asked, thread: Channel): object {
  const wire = call.world.channels.wire(thread);
  logDeed(call, guildOfChannel(call.world, thread), AuditAction.threadCreate, thread.id, {
    changes: changesBetween({}, wire),
  });
  return wire;
}

/** One page of a channel's archived threads, newest first. */
function archived(
  world: World,
  parent: Channel,
  query: URLSearchParams,
  wanted: (thread: Channel) => boolean,
): object {
  const all = world.threads.of(guildOfChannel(world, parent), parent.id, true).filter(wanted);
  return world.threads.listWire(all, limitOf(query, 50, 100));
}

export const threadRoutes = [
  route(
    "POST /channels/:channel/threads",
    (call) => {
      const { world, param } = call;
      const parent = parentOf(world, param("channel"));
      const body = call.form(WithoutMessage);
      const type = body.type ?? ChannelType.privateThread;
      if (
        !may(
          world,
          parent,
          type === ChannelType.privateThread ? "CreatePrivateThreads" : "CreatePublicThreads",
        )
      )
        throw missingPermissions();
      const thread = world.threads.create(guildOfChannel(world, parent), parent, {
        name: body.name,
        type,
        ownerId: world.bot.id,
        autoArchiveMinutes: body.auto_archive_duration ?? 4320,
        invitable: body.invitable ?? true,
      });
      return created(call, thread);
    },
    { ...CREATED, limit: { requests: 50, perMs: 300_000 } },
  ),
  route(
    "POST /channels/:channel/messages/:message/threads",
    (call) => {
      const { world, param } = call;
      const parent = parentOf(world, param("channel"));
      const message = messageOf(world, parent, param("message"));
      const body = call.form(OnMessage);
      if (!may(world, parent, "CreatePublicThreads")) throw missingPermissions();
      if (world.channels.all.has(message.id))
        throw new ApiError(400, 160004, "A thread has already been created for this message");
      const thread = world.threads.create(guildOfChannel(world, parent), parent, {
        name: body.name,
        type: ChannelType.publicThread,
        ownerId: world.bot.id,
        messageId: message.id,
        autoArchiveMinutes: body.auto_archive_duration ?? 4320,
        invitable: true,
      });
      return created(call, thread);
    },
    { ...CREATED, limit: { requests: 50, perMs: 300_000 } },
  ),

  route("GET /channels/:thread/thread-members", ({ world, param }) => {
    const channel = threadOf(world, param("thread"));
    return [...(channel.thread?.members.keys() ?? [])].map((userId) =>
      world.threads.memberWire(channel, userId),
    );
  }),
  route("GET /channels/:thread/thread-members/:user", ({ world, param }) => {
    const channel = threadOf(world, param("thread"));
    const userId = param("user") === "@me" ? world.bot.id : param("user");
    if (channel.thread?.members.has(userId) !== true) throw unknownMember();
    return world.threads.memberWire(channel, userId);
  }),
  route("PUT /channels/:thread/thread-members/@me", ({ world, param }) => {
    world.threads.addMember(threadOf(world, param("thread")), world.bot.id);
    return undefined;
  }),
  route("PUT /channels/:thread/thread-members/:user", ({ world, param }) =>
    addMember(world, param("thread"), param("user")),
  ),
  route("DELETE /channels/:thread/thread-members/@me", ({ world, param }) => {
    world.threads.removeMember(threadOf(world, param("thread")), world.bot.id);
    return undefined;
  }),
  route("DELETE /channels/:thread/thread-members/:user", ({ world, param }) => {
    const channel = threadOf(world, param("thread"));
    if (!may(world, channel, "ManageThreads") && channel.thread?.ownerId !== world.bot.id)
      throw missingPermissions();
    world.threads.removeMember(channel, param("user"));
    return undefined;
  }),

  route("GET /guilds/:guild/threads/active", ({ world, param }) => {
    const { guild } = guildOf(world, param("guild"));
    return world.threads.listWire(
      world.threads.of(guild, null, false).filter((thread) => world.channels.isSeenByBot(thread)),
    );
  }),
  ...(["public", "private"] as const).map((kind) =>
    route(`GET /channels/:channel/threads/archived/${kind}`, ({ world, param, query }) => {
      const parent = channelOf(world, param("channel"), "ReadMessageHistory");
      if (kind === "private" && !may(world, parent, "ManageThreads")) throw missingPermissions();
      const type = kind === "private" ? ChannelType.privateThread : ChannelType.publicThread;
      const before = query.get("before");
      return archived(world, parent, query, (one) => {
        const at = one.thread?.archivedAt ?? 0;
        return one.type === type && (before === null || at < Date.parse(before));
      });
    }),
  ),
  route("GET /channels/:channel/users/@me/threads/archived/private", ({ world, param, query }) => {
    const parent = channelOf(world, param("channel"), "ReadMessageHistory");
    const before = query.get("before");
    return archived(
      world,
      parent,
      query,
      (one) =>
        one.type === ChannelType.privateThread &&
        one.thread?.members.has(world.bot.id) === true &&
        (before === null || compareIds(one.id, before) < 0),
    );
  }),
];
