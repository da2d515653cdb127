import {
  archivedThread,
  cannotMessageUser,
  invalidForm,
  missingPermissions,
  noMutualGuild,
  notYourMessage,
  tooManyPins,
} from "../../errors.js";
import type { Channel, Message } from "../../world/state.js";
import { compareIds } from "../../world/Snowflakes.js";
import type { World } from "../../world/World.js";
import { iso } from "../../world/wire.js";
import { channelOf, may, writable } from "../access.js";
import { EditForm, MessageForm } from "../forms/messages.js";
import { route } from "../router.js";
import { compose, composeChange } from "./compose.js";

const MAX_PINS = 250;

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

export function limitOf(query: URLSearchParams, usual: number, max: number): number {
  const given = query.get("limit");
  if (given === null) return usual;
  const limit = Number(given);
  if (!Number.isInteger(limit))
    throw invalidForm("limit", "NUMBER_TYPE_COERCE", `Value "${given}" is not int.`);
  if (limit < 1)
    throw invalidForm("limit", "NUMBER_TYPE_MIN", "int value should be greater than or equal to 1.");
  if (limit > max)
    throw invalidForm("limit", "NUMBER_TYPE_MAX", `int value should be less than or equal to ${max}.`);
  return limit;
}

function setPin(world: World, channelId: string, messageId: string, pinned: boolean): undefined {
  const channel = channelOf(world, channelId);
  if (channel.guildId !== null && !may(world, channel, "PinMessages")) throw missingPermissions();
  const message = messageOf(world, channel, messageId);
  if (!pinned) world.messages.unpin(channel, message);
  else if (channel.pins.size >= MAX_PINS && !message.pinned) throw tooManyPins();
  else world.messages.pin(channel, message);
  return undefined;
}

function pinned(world: World, channelId: string): { message: Message; at: number }[] {
  const channel = channelOf(world, channelId, "ReadMessageHistory");
  return [...channel.pins].reverse().flatMap(([id, at]) => {
    const message = channel.messages.get(id);
    return message === undefined ? [] : [{ message, at }];
  });
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
    ({ world, param }) => {
      const channel = channelOf(world, param("channel"));
      const message = messageOf(world, channel, param("message"));
      if (message.author.id !== world.bot.id && !may(world, channel, "ManageMessages"))
        throw missingPermissions();
      world.messages.delete(channel, message);
      return undefined;
    },
    { limit: { requests: 5, perMs: 1_000 } },
  ),

  route(
    "POST /channels/:channel/typing",
    ({ world, param }) => {
      world.messages.typing(writableBy(world, param("channel")), world.bot);
      return undefined;
    },
    { limit: { requests: 5, perMs: 5_000 } },
  ),

  // Pins: today's routes and those before them, which discord.js still uses.
  route("PUT /channels/:channel/messages/pins/:message", ({ world, param }) =>
    setPin(world, param("channel"), param("message"), true),
  ),
  route("DELETE /channels/:channel/messages/pins/:message", ({ world, param }) =>
    setPin(world, param("channel"), param("message"), false),
  ),
  route("GET /channels/:channel/messages/pins", ({ world, param }) => ({
    items: pinned(world, param("channel"))
      .slice(0, 50)
      .map(({ message, at }) => ({ pinned_at: iso(at), message: world.messages.wire(message) })),
    has_more: pinned(world, param("channel")).length > 50,
  })),
  route("PUT /channels/:channel/pins/:message", ({ world, param }) =>
    setPin(world, param("channel"), param("message"), true),
  ),
  route("DELETE /channels/:channel/pins/:message", ({ world, param }) =>
    setPin(world, param("channel"), param("message"), false),
  ),
  route("GET /channels/:channel/pins", ({ world, param }) =>
    pinned(world, param("channel")).map(({ message }) => world.messages.wire(message)),
  ),

  route(
    "PUT /channels/:channel/messages/:message/reactions/:emoji/@me",
    ({ world, param }) => {
      const channel = channelOf(world, param("channel"), "ReadMessageHistory", "AddReactions");
      world.messages.react(
        channel,
        messageOf(world, channel, param("message")),
        world.bot.id,
        param("emoji"),
        true,
      );
      return undefined;
    },
    { limit: { requests: 1, perMs: 250 } },
  ),
  route(
    "DELETE /channels/:channel/messages/:message/reactions/:emoji/@me",
    ({ world, param }) => {
      const channel = channelOf(world, param("channel"));
      world.messages.react(
        channel,
        messageOf(world, channel, param("message")),
        world.bot.id,
        param("emoji"),
        false,
      );
      return undefined;
    },
    { limit: { requests: 1, perMs: 250 } },
  ),
];
