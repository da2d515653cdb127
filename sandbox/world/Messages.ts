import type { WireAttachment, WireComponent, WireEmbed } from "../contract/wire.js";
import { unknownMessage } from "../errors.js";
import { Intent } from "./dispatch.js";
import { mentionsIn } from "./mentions.js";
import type { AllowedMentions } from "./mentions.js";
import { Nonces } from "./Nonces.js";
import { ChannelType } from "./state.js";
import { textOf } from "./text.js";
import type { Channel, InteractionMeta, Message, User } from "./state.js";
import { emojiWire, iso, memberPart, memberWire, messageWire } from "./wire.js";
import type { World } from "./World.js";

export const EPHEMERAL = 1 << 6;
export const LOADING = 1 << 7;

const KEPT_PER_CHANNEL = 10_000;

export interface Draft {
  readonly author: User;
  readonly content?: string;
  readonly embeds?: WireEmbed[];
  readonly components?: WireComponent[];
  readonly attachments?: WireAttachment[];
  readonly flags?: number;
  readonly type?: number;
  readonly nonce?: string | number | null;
  readonly enforceNonce?: boolean;
  readonly allowedMentions?: AllowedMentions | null;
  readonly replyTo?: string | null;
  readonly webhookId?: string | null;
  readonly interaction?: InteractionMeta | null;
  readonly ephemeralFor?: string | null;
}

export type Change = Partial<
  Pick<Draft, "content" | "embeds" | "components" | "attachments" | "flags" | "allowedMentions">
>;

export class Messages {
  private readonly nonces = new Nonces(() => this.world.now());
  created = 0;

  constructor(private readonly world: World) {}

  get(channel: Channel, id: string): Message {
    const message = channel.messages.get(id);
    if (message === undefined) throw unknownMessage();
    return message;
  }

  /** With `enforceNonce`, the same author, channel and nonce within minutes gives back the first message. */
  create(channel: Channel, draft: Draft): Message {
    const nonce = draft.nonce ?? null;
    const enforced = draft.enforceNonce === true ? nonce : null;
    const earlier = enforced === null ? undefined : this.nonces.find(channel.id, draft.author.id, enforced);
    if (earlier !== undefined) return earlier;
    const content = draft.content ?? "";
    const guild = this.world.guilds.all.get(channel.guildId ?? "");
    const message: Message = {
      id: this.world.ids.next(),
      channelId: channel.id,
      guildId: channel.guildId,
      type: draft.type ?? (draft.replyTo == null ? 0 : 19),
      author: draft.author,
      content,
      embeds: draft.embeds ?? [],
      components: draft.components ?? [],
      attachments: draft.attachments ?? [],
      flags: draft.flags ?? 0,
      ...mentionsIn(content, draft.allowedMentions ?? null, this.world.users.all, guild),
      createdAt: this.world.now(),
      editedAt: null,
      pinned: false,
      nonce,
      replyTo: draft.replyTo ?? null,
      webhookId: draft.webhookId ?? null,
      interaction: draft.interaction ?? null,
      ephemeralFor: draft.ephemeralFor ?? null,
      reactions: new Map(),
    };
    channel.messages.set(message.id, message);
    this.created++;
    if (message.ephemeralFor === null) {
      channel.lastMessageId = message.id;
      if (channel.thread !== null) channel.thread.sent++;
    }
    if (channel.messages.size > KEPT_PER_CHANNEL) this.forgetOldest(channel);
    if (enforced !== null) this.nonces.remember(enforced, message);
    this.told(channel, message, "MESSAGE_CREATE", "message_created");
    return message;
  }

  edit(channel: Channel, message: Message, change: Change): void {
    const loaded = (message.flags & LOADING) !== 0;
    if (change.content !== undefined) {
      message.content = change.content;
      const guild = this.world.guilds.all.get(channel.guildId ?? "");
      Object.assign(
        message,
        mentionsIn(change.content, change.allowedMentions ?? null, this.world.users.all, guild),
      );
    }
    if (change.embeds !== undefined) message.embeds = change.embeds;
    if (change.components !== undefined) message.components = change.components;
    if (change.attachments !== undefined) message.attachments = change.attachments;
    if (change.flags !== undefined) message.flags = change.flags;
    message.flags &= ~LOADING;
    // Filling in a deferred answer is not an edit that Discord shows.
    if (!loaded) message.editedAt = this.world.now();
    this.told(channel, message, "MESSAGE_UPDATE", "message_edited");
  }

  delete(channel: Channel, message: Message): void {
    channel.messages.delete(message.id);
    channel.pins.delete(message.id);
    this.record("message_deleted", channel, message);
    if (message.ephemeralFor !== null) return;
    this.emit(channel, "MESSAGE_DELETE", () => ({
      id: message.id,
      channel_id: channel.id,
      ...(channel.guildId !== null && { guild_id: channel.guildId }),
    }));
  }

  /** Many at once are one event. */
  deleteMany(channel: Channel, messages: readonly Message[]): void {
    for (const message of messages) {
      channel.messages.delete(message.id);
      channel.pins.delete(message.id);
      this.record("message_deleted", channel, message);
    }
    if (messages.length === 0) return;
    this.emit(channel, "MESSAGE_DELETE_BULK", () => ({
      ids: messages.map(({ id }) => id),
      channel_id: channel.id,
      ...(channel.guildId !== null && { guild_id: channel.guildId }),
    }));
  }

  pin(channel: Channel, message: Message): void {
    if (channel.pins.has(message.id)) return;
    channel.pins.set(message.id, this.world.now());
    message.pinned = true;
    this.record("message_pinned", channel, message);
    this.pinsChanged(channel);
    this.create(channel, { author: this.world.bot, type: 6, replyTo: message.id });
  }

  unpin(channel: Channel, message: Message): void {
    if (!channel.pins.delete(message.id)) return;
    message.pinned = false;
    this.record("message_unpinned", channel, message);
    this.pinsChanged(channel);
  }

  react(channel: Channel, message: Message, userId: string, emoji: string, add: boolean): void {
    const by = message.reactions.get(emoji) ?? new Set<string>();
    if (by.has(userId) === add) return;
    if (add) by.add(userId);
    else by.delete(userId);
    if (by.size === 0) message.reactions.delete(emoji);
    else message.reactions.set(emoji, by);
    this.world.record({
      event: add ? "reaction_added" : "reaction_removed",
      channelId: channel.id,
      messageId: message.id,
      userId,
      text: emoji,
      ...(channel.guildId !== null && { guildId: channel.guildId }),
    });
    this.tellReaction(channel, message, add ? "MESSAGE_REACTION_ADD" : "MESSAGE_REACTION_REMOVE", {
      user_id: userId,
      message_author_id: message.author.id,
      emoji: emojiWire(emoji),
      burst: false,
      type: 0,
    });
  }

  /** All reactions, or all with one emoji. */
  clearReactions(channel: Channel, message: Message, emoji?: string): void {
    if (emoji === undefined) message.reactions.clear();
    else message.reactions.delete(emoji);
    this.world.record({
      event: "reactions_cleared",
      channelId: channel.id,
      messageId: message.id,
      ...(emoji !== undefined && { text: emoji }),
      ...(channel.guildId !== null && { guildId: channel.guildId }),
    });
    if (emoji === undefined) this.tellReaction(channel, message, "MESSAGE_REACTION_REMOVE_ALL", {});
    else this.tellReaction(channel, message, "MESSAGE_REACTION_REMOVE_EMOJI", { emoji: emojiWire(emoji) });
  }

  typing(channel: Channel, user: User): void {
    this.world.record({ event: "typing_started", channelId: channel.id, userId: user.id });
    if (!this.world.channels.isSeenByBot(channel)) return;
    const member = this.world.guilds.all.get(channel.guildId ?? "")?.members.get(user.id);
    const timestamp = Math.floor(this.world.now() / 1_000);
    this.world.emit({
      event: "TYPING_START",
      intents: channel.guildId === null ? Intent.directMessageTyping : Intent.guildMessageTyping,
      guildId: channel.guildId,
      data: () => ({
        channel_id: channel.id,
        user_id: user.id,
        timestamp,
        ...(channel.guildId !== null && { guild_id: channel.guildId }),
        ...(member !== undefined && { member: memberWire(member, user) }),
      }),
    });
  }

  /** Whose reactions count as one's own: the bot's, or those of whoever looks. */
  wire(message: Message, me = this.world.bot.id) {
    return messageWire(message, this.world.application.id, me);
  }

  private tellReaction(channel: Channel, message: Message, event: string, more: object): void {
    if (message.ephemeralFor !== null || !this.world.channels.isSeenByBot(channel)) return;
    this.world.emit({
      event,
      intents: channel.guildId === null ? Intent.directMessageReactions : Intent.guildMessageReactions,
      guildId: channel.guildId,
      data: () => ({
        channel_id: channel.id,
        message_id: message.id,
        ...more,
        ...(channel.guildId !== null && { guild_id: channel.guildId }),
      }),
    });
  }

  private told(
    channel: Channel,
    message: Message,
    event: string,
    record: "message_created" | "message_edited",
  ): void {
    this.record(record, channel, message);
    if (message.ephemeralFor !== null) return;
    this.emit(channel, event, () => {
      const member = this.world.guilds.all.get(channel.guildId ?? "")?.members.get(message.author.id);
      return {
        ...this.wire(message),
        channel_type: channel.type,
        ...(channel.guildId !== null && { guild_id: channel.guildId }),
        ...(member !== undefined && { member: memberPart(member) }),
      };
    });
  }

  private emit(channel: Channel, event: string, data: () => object): void {
    if (!this.world.channels.isSeenByBot(channel)) return;
    this.world.emit({
      event,
      intents: channel.type === ChannelType.dm ? Intent.directMessages : Intent.guildMessages,
      guildId: channel.guildId,
      data,
    });
  }

  private record(
    event: "message_created" | "message_edited" | "message_deleted" | "message_pinned" | "message_unpinned",
    channel: Channel,
    message: Message,
  ): void {
    this.world.record({
      event,
      channelId: channel.id,
      messageId: message.id,
      userId: message.author.id,
      ...(channel.guildId !== null && { guildId: channel.guildId }),
      ...(message.ephemeralFor !== null && { ephemeral: true }),
      text: textOf(message),
    });
  }

  private pinsChanged(channel: Channel): void {
    if (!this.world.channels.isSeenByBot(channel)) return;
    const lastPin = [...channel.pins.values()].at(-1);
    this.world.emit({
      event: "CHANNEL_PINS_UPDATE",
      intents: channel.guildId === null ? Intent.directMessages : Intent.guilds,
      guildId: channel.guildId,
      data: () => ({
        channel_id: channel.id,
        ...(channel.guildId !== null && { guild_id: channel.guildId }),
        last_pin_timestamp: lastPin === undefined ? null : iso(lastPin),
      }),
    });
  }

  private forgetOldest(channel: Channel): void {
    for (const [id, message] of channel.messages) {
      if (message.pinned) continue;
      channel.messages.delete(id);
      return;
    }
  }
}
