import { z } from "zod";
import {
  alreadyCrossposted,
  archivedThread,
  cannotMessageUser,
  missingPermissions,
  noMutualGuild,
  notYourMessage,
  tooOldToDelete,
  wrongChannelType,
} from "../../errors.js";
import { AuditAction } from "../../world/AuditLog.js";
import { ChannelType } from "../../world/state.js";
import type { Channel, Message } from "../../world/state.js";
import { compareIds, snowflakeTime } from "../../world/Snowflakes.js";
import type { World } from "../../world/World.js";
import { channelOf, guildOfChannel, may, writable } from "../access.js";
import { logDeed } from "../audit.js";
import { list, snowflake } from "../forms/kit.js";
import { EditForm, MessageForm } from "../forms/messages.js";
import { route } from "../router.js";
import { compose, composeChange } from "./compose.js";
import { limitOf } from "./paging.js";

const BulkForm = z.strictObject({ messages: list(snowflake, 100, 2) });
const BULK_AGE_MS = 14 * 86_400_000;
const CROSSPOSTED = 1 << 1;

/** The bot may write here: permissions, open direct messages, and threads that are open or that writing opens. */
function writableBy(world: World, channelId: string): Channel {
  const channel = channelOf(world, channelId);
  writable(channel);
  if (channel.recipientId !== null) {
    const user = world.user(channel.recipientId);
    if (user.dmsClosed || user.bot) throw cannotMessageUser();
    if (!world.users.sharesGuild(user)) throw noMutualGuild();
    return channel;
  }
  if (!may(world, channel, "SendMessages")) throw missingPermissions();
  if (channel.thread?.archived === true) {
    if (channel.thread.locked && !may(world, channel, "ManageThreads")) throw archivedThread();
    world.channels.update(channel, {}, { archived: false });
  }
  return channel;
}

/** Without its permission an embed or a file is not shown or refused. */
function allowedParts(world: World, channel: Channel, form: MessageForm, files: number): MessageForm {
  if (channel.guildId === null) return form;
  if (files > 0 && !may(world, channel, "AttachFiles")) throw missingPermissions();
  if ((form.embeds?.length ?? 0) > 0 && !may(world, channel, "EmbedLinks")) throw missingPermissions();
  if (form.message_reference !== undefined && !may(world, channel, "ReadMessageHistory"))
    throw missingPermissions();
  return form;
}

function listed(channel: Channel): Message[] {
  return [...channel.messages.values()].filter((message) => message.ephemeralFor === null);
}

/** A message the bot can fetch: ephemeral ones are unknown to it. */
export function messageOf(world: World, channel: Channel, id: string): Message {
  const message = world.messages.get(channel, id);
  return message.ephemeralFor === null ? message : world.messages.get(channel, "");
}

function page(channel: Channel, query: URLSearchParams): Message[] {
  const limit = limitOf(query, 50, 100);
  const all = listed(channel);
  const before = query.get("before");
  const after = query.get("after");
  const around = query.get("around");
  if (around !== null) {
    const older = all.filter((message) => compareIds(message.id, around) <= 0).slice(-Math.ceil(limit / 2));
    const newer = all.filter((message) => compareIds(message.id, around) > 0).slice(0, Math.floor(limit / 2));
    return [...older, ...newer].reverse();
  }
  if (after !== null)
    return all
      .filter((message) => compareIds(message.id, after) > 0)
      .slice(0, limit)
      .reverse();
  const older = before === null ? all : all.filter((message) => compareIds(message.id, before) < 0);
  return older.slice(-limit).reverse();
}

export const messageRoutes = [
  route("GET /channels/:channel/messages", ({ world, param, query }) => {
    const channel = channelOf(world, param("channel"));
    writable(channel);
    // Without the permission for history Discord gives an empty list, not a refusal.
    if (!may(world, channel, "ReadMessageHistory")) return [];
    return page(channel, query).map((message) => world.messages.wire(message));
  }),

  route(
    "POST /channels/:channel/messages",
    (call) => {
      const { world, param, files } = call;
      const channel = writableBy(world, param("channel"));
      const form = allowedParts(world, channel, call.form(MessageForm), files.length);
      const message = world.messages.create(channel, { author: world.bot, ...compose(call, channel, form) });
      return world.messages.wire(message);
    },
    { limit: { requests: 5, perMs: 5_000 } },
  ),

  route("GET /channels/:channel/messages/:message", ({ world, param }) => {
    const channel = channelOf(world, param("channel"), "ReadMessageHistory");
    return world.messages.wire(messageOf(world, channel, param("message")));
  }),

  route(
    "PATCH /channels/:channel/messages/:message",
    (call) => {
      const { world, param } = call;
      const channel = channelOf(world, param("channel"));
      const message = messageOf(world, channel, param("message"));
      if (message.author.id !== world.bot.id) throw notYourMessage();
      if (channel.thread?.archived === true) throw archivedThread();
      world.messages.edit(channel, message, composeChange(call, channel, message, call.form(EditForm)));
      return world.messages.wire(message);
    },
    { limit: { requests: 5, perMs: 5_000 } },
  ),

  route(
    "DELETE /channels/:channel/messages/:message",
    (call) => {
      const { world, param } = call;
      const channel = channelOf(world, param("channel"));
      const message = messageOf(world, channel, param("message"));
      const mine = message.author.id === world.bot.id;
      if (!mine && !may(world, channel, "ManageMessages")) throw missingPermissions();
      world.messages.delete(channel, message);
      if (!mine)
        logDeed(call, guildOfChannel(world, channel), AuditAction.messageDelete, message.author.id, {
          options: { channel_id: channel.id, count: "1" },
        });
      return undefined;
    },
    { limit: { requests: 5, perMs: 1_000 } },
  ),

  route("POST /channels/:channel/messages/bulk-delete", (call) => {
    const { world, param } = call;
    const channel = channelOf(world, param("channel"), "ManageMessages");
    const guild = guildOfChannel(world, channel);
    const { messages: ids } = call.form(BulkForm);
    if (ids.some((id) => snowflakeTime(id) < world.now() - BULK_AGE_MS)) throw tooOldToDelete();
    // Those that are gone already are passed over.
    const found = listed(channel).filter(({ id }) => ids.includes(id));
    world.messages.deleteMany(channel, found);
    logDeed(call, guild, AuditAction.messageBulkDelete, channel.id, {
      options: { count: String(found.length) },
    });
    return undefined;
  }),

  route("POST /channels/:channel/messages/:message/crosspost", ({ world, param }) => {
    const channel = channelOf(world, param("channel"), "SendMessages");
    if (channel.type !== ChannelType.announcement) throw wrongChannelType();
    const message = messageOf(world, channel, param("message"));
    if (message.author.id !== world.bot.id && !may(world, channel, "ManageMessages"))
      throw missingPermissions();
    if ((message.flags & CROSSPOSTED) !== 0) throw alreadyCrossposted();
    world.messages.edit(channel, message, { flags: message.flags | CROSSPOSTED });
    return world.messages.wire(message);
  }),

  route(
    "POST /channels/:channel/typing",
    ({ world, param }) => {
      world.messages.typing(writableBy(world, param("channel")), world.bot);
      return undefined;
    },
    { limit: { requests: 5, perMs: 5_000 } },
  ),
];
