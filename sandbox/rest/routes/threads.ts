import { z } from "zod";
import { ApiError, missingPermissions, unknownMember, wrongChannelType } from "../../errors.js";
import { ChannelType } from "../../world/state.js";
import type { Channel } from "../../world/state.js";
import type { World } from "../../world/World.js";
import { channelOf, guildOf, guildOfChannel, may } from "../access.js";
import { integer, name } from "../forms/kit.js";
import { route } from "../router.js";
import { messageOf } from "./messages.js";

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
const OnMessage = z.strictObject(parts);

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

export const threadRoutes = [
  route(
    "POST /channels/:channel/threads",
    ({ world, param, form }) => {
      const parent = parentOf(world, param("channel"));
      const body = form(WithoutMessage);
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
      return world.channels.wire(thread);
    },
    { limit: { requests: 50, perMs: 300_000 } },
  ),
  route(
    "POST /channels/:channel/messages/:message/threads",
    ({ world, param, form }) => {
      const parent = parentOf(world, param("channel"));
      const message = messageOf(world, parent, param("message"));
      const body = form(OnMessage);
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
      return world.channels.wire(thread);
    },
    { limit: { requests: 50, perMs: 300_000 } },
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
    route(`GET /channels/:channel/threads/archived/${kind}`, ({ world, param }) => {
      const parent = channelOf(world, param("channel"), "ReadMessageHistory");
      if (kind === "private" && !may(world, parent, "ManageThreads")) throw missingPermissions();
      const type = kind === "private" ? ChannelType.privateThread : ChannelType.publicThread;
      return world.threads.listWire(
        world.threads.of(guildOfChannel(world, parent), parent.id, true).filter((one) => one.type === type),
      );
    }),
  ),
];
