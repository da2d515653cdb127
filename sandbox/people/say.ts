/** What people write, edit and delete themselves. */
import { length } from "../characters.js";
import type { Upload } from "../contract/interactions.js";
import { bit } from "../world/permissions.js";
import type { Channel, Message } from "../world/state.js";
import type { World } from "../world/World.js";
import { storeFile } from "../rest/routes/compose.js";
import { place } from "./act.js";
import { refuse } from "./refusal.js";

interface Said {
  readonly userId: string;
  readonly channelId?: string | undefined;
  readonly content: string;
  readonly replyTo?: string | undefined;
  readonly uploads?: readonly Upload[] | undefined;
}

const MAX_LENGTH = 2_000;

export function say(world: World, said: Said): Message {
  const channel =
    said.channelId === undefined ? direct(world, said.userId) : writable(world, said.userId, said.channelId);
  const attachments = (said.uploads ?? []).map((upload) =>
    storeFile(world, channel, {
      filename: upload.filename,
      type: upload.contentType ?? "application/octet-stream",
      bytes:
        upload.base64 === undefined ? Buffer.alloc(upload.size ?? 0) : Buffer.from(upload.base64, "base64"),
    }),
  );
  if (said.content.trim() === "" && attachments.length === 0) refuse("Nothing to send");
  if (length(said.content) > MAX_LENGTH) refuse(`A message has at most ${MAX_LENGTH} characters`);
  if (said.replyTo !== undefined && !channel.messages.has(said.replyTo))
    refuse(`There is no message ${said.replyTo} to reply to`);
  return world.messages.create(channel, {
    author: world.user(said.userId),
    content: said.content,
    attachments,
    replyTo: said.replyTo ?? null,
  });
}

/** The direct channel with the bot, which a person can open when they share a guild or have talked before. */
export function direct(world: World, userId: string): Channel {
  const user = world.user(userId);
  if (!world.users.sharesGuild(user))
    refuse(`${user.username} shares no guild with the bot and cannot write to it`);
  return world.channels.openDirect(user);
}

export function writable(world: World, userId: string, channelId: string): Channel {
  const { channel, user } = place(world, userId, channelId);
  if ((world.channels.permissionsOf(user.id, channel) & bit("SendMessages")) === 0n) {
    refuse(`${user.username} may not write in #${channel.name ?? ""}`);
  }
  if (channel.thread?.archived === true) {
    if (channel.thread.locked) refuse("The thread is locked");
    world.channels.update(channel, {}, { archived: false });
  }
  if (channel.thread !== null) world.threads.addMember(channel, user.id);
  return channel;
}

export function ownMessage(
  world: World,
  userId: string,
  channelId: string,
  messageId: string,
): { channel: Channel; message: Message } {
  const { channel } = place(world, userId, channelId);
  const message = channel.messages.get(messageId);
  if (message === undefined || message.author.id !== userId)
    return refuse(`${messageId} is not a message of theirs`);
  return { channel, message };
}

/** A channel as one person sees it, oldest first, with what is ephemeral for them. */
export function seenBy(world: World, userId: string, channelId: string): Message[] {
  const { channel, user } = place(world, userId, channelId);
  const history = (world.channels.permissionsOf(user.id, channel) & bit("ReadMessageHistory")) !== 0n;
  return [...channel.messages.values()].filter((message) =>
    message.ephemeralFor === null ? history : message.ephemeralFor === user.id,
  );
}
