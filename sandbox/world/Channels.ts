import type { NewChannel, Overwrite } from "../contract/world.js";
import { Intent } from "./dispatch.js";
import { bit, bits, channelPermissions, IN_DIRECT_CHANNEL } from "./permissions.js";
import { ChannelType } from "./state.js";
import type { Channel, Guild, OverwriteState, ThreadState, User } from "./state.js";
import { channelWire } from "./wire.js";
import type { World } from "./World.js";

const VIEW = bit("ViewChannel");

const KINDS = {
  text: ChannelType.text,
  voice: ChannelType.voice,
  category: ChannelType.category,
  announcement: ChannelType.announcement,
  forum: ChannelType.forum,
} as const;

export class Channels {
  readonly all = new Map<string, Channel>();
  private readonly direct = new Map<string, Channel>();

  constructor(private readonly world: World) {}

  create(guild: Guild, fresh: NewChannel): Channel {
    const channel = this.make({
      id: fresh.id ?? this.world.ids.next(),
      type: KINDS[fresh.type ?? "text"],
      guildId: guild.id,
      name: fresh.name,
      topic: fresh.topic ?? null,
      parentId: fresh.parentId ?? null,
      position: guild.channels.size,
    });
    for (const overwrite of fresh.overwrites ?? [])
      channel.overwrites.set(overwrite.id, overwriteState(overwrite));
    guild.channels.set(channel.id, channel);
    this.tell(channel, "CHANNEL_CREATE", "channel_created");
    return channel;
  }

  /** The direct channel between the bot and a user; the same one every time. */
  openDirect(user: User): Channel {
    const open = this.direct.get(user.id);
    if (open !== undefined) return open;
    const channel = this.make({ id: this.world.ids.next(), type: ChannelType.dm, recipientId: user.id });
    this.direct.set(user.id, channel);
    this.world.record({ event: "dm_opened", channelId: channel.id, userId: user.id });
    return channel;
  }

  directWith(userId: string): Channel | undefined {
    return this.direct.get(userId);
  }

  /** After a world was loaded. */
  findDirect(): void {
    this.direct.clear();
    for (const channel of this.all.values())
      if (channel.recipientId !== null) this.direct.set(channel.recipientId, channel);
  }

  make(parts: Partial<Channel> & Pick<Channel, "id" | "type">): Channel {
    if (this.all.has(parts.id)) throw new Error(`There is already a channel ${parts.id}`);
    const channel: Channel = {
      guildId: null,
      name: null,
      topic: null,
      position: 0,
      parentId: null,
      nsfw: false,
      slowmode: 0,
      thread: null,
      recipientId: null,
      lastMessageId: null,
      overwrites: new Map(),
      messages: new Map(),
      pins: new Map(),
      ...parts,
    };
    this.all.set(channel.id, channel);
    return channel;
  }

  update(
    channel: Channel,
    change: Partial<Pick<Channel, "name" | "topic" | "position" | "parentId" | "nsfw" | "slowmode">>,
    thread?: Partial<ThreadState>,
  ): void {
    Object.assign(channel, change);
    if (channel.thread === null || thread === undefined) {
      this.tell(channel, "CHANNEL_UPDATE", "channel_updated");
      return;
    }
    if (thread.archived !== undefined && thread.archived !== channel.thread.archived)
      channel.thread.archivedAt = this.world.now();
    Object.assign(channel.thread, thread);
    this.tell(channel, "THREAD_UPDATE", "thread_updated");
  }

  setOverwrites(channel: Channel, overwrites: ReadonlyMap<string, OverwriteState>): void {
    channel.overwrites.clear();
    for (const [id, overwrite] of overwrites) channel.overwrites.set(id, overwrite);
    this.tell(channel, "CHANNEL_UPDATE", "channel_updated");
  }

  delete(channel: Channel): void {
    const thread = channel.thread !== null;
    const guild = this.world.guilds.all.get(channel.guildId ?? "");
    this.tell(
      channel,
      thread ? "THREAD_DELETE" : "CHANNEL_DELETE",
      thread ? "thread_deleted" : "channel_deleted",
    );
    this.all.delete(channel.id);
    if (channel.recipientId !== null) this.direct.delete(channel.recipientId);
    if (guild === undefined) return;
    guild.channels.delete(channel.id);
    for (const other of [...guild.channels.values()]) {
      if (other.parentId !== channel.id) continue;
      if (other.thread === null) other.parentId = null;
      else this.delete(other);
    }
  }

  wire(channel: Channel): object {
    return channelWire(
      channel,
      channel.recipientId === null ? undefined : this.world.user(channel.recipientId),
    );
  }

  /** What a user may do in a channel; 0 when they cannot see it. */
  permissionsOf(userId: string, channel: Channel): bigint {
    if (channel.guildId === null) {
      return userId === channel.recipientId || userId === this.world.bot.id ? IN_DIRECT_CHANNEL : 0n;
    }
    const guild = this.world.guilds.all.get(channel.guildId);
    const member = guild?.members.get(userId);
    return guild === undefined || member === undefined
      ? 0n
      : channelPermissions(guild, channel, member, this.world.now());
  }

  isSeenByBot(channel: Channel): boolean {
    return (this.permissionsOf(this.world.bot.id, channel) & VIEW) !== 0n;
  }

  tell(
    channel: Channel,
    event: string,
    record:
      | "channel_created"
      | "channel_updated"
      | "channel_deleted"
      | "thread_created"
      | "thread_updated"
      | "thread_deleted",
  ): void {
    this.world.record({
      event: record,
      channelId: channel.id,
      ...(channel.guildId !== null && { guildId: channel.guildId }),
      ...(channel.name !== null && { text: channel.name }),
    });
    const guild = this.world.guilds.all.get(channel.guildId ?? "");
    if (guild === undefined || !this.world.guilds.hasBot(guild)) return;
    if (channel.thread !== null && !this.isSeenByBot(channel)) return;
    // Captured now: a deleted channel is told as it was.
    const wire = { ...this.wire(channel), ...(event === "THREAD_CREATE" && { newly_created: true }) };
    this.world.emit({ event, intents: Intent.guilds, guildId: guild.id, data: () => wire });
  }
}

export function overwriteState(overwrite: Overwrite): OverwriteState {
  return { type: overwrite.type, allow: bits(overwrite.allow ?? []), deny: bits(overwrite.deny ?? []) };
}
