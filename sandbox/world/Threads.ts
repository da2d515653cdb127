import { Intent } from "./dispatch.js";
import type { Channel, Guild } from "./state.js";
import { channelWire, iso, memberWire } from "./wire.js";
import type { World } from "./World.js";

export interface NewThread {
  readonly name: string;
  readonly type: number;
  readonly ownerId: string;
  readonly autoArchiveMinutes: number;
  readonly invitable: boolean;
  /** For a thread on a message, which then has the message's id. */
  readonly messageId?: string;
}

export class Threads {
  constructor(private readonly world: World) {}

  create(guild: Guild, parent: Channel, fresh: NewThread): Channel {
    const now = this.world.now();
    const thread = this.world.channels.make({
      id: fresh.messageId ?? this.world.ids.next(),
      type: fresh.type,
      guildId: guild.id,
      parentId: parent.id,
      name: fresh.name,
      thread: {
        ownerId: fresh.ownerId,
        createdAt: now,
        archived: false,
        archivedAt: now,
        locked: false,
        invitable: fresh.invitable,
        autoArchiveMinutes: fresh.autoArchiveMinutes,
        members: new Map([[fresh.ownerId, now]]),
        sent: 0,
      },
    });
    guild.channels.set(thread.id, thread);
    this.world.channels.tell(thread, "THREAD_CREATE", "thread_created");
    return thread;
  }

  addMember(channel: Channel, userId: string): void {
    const { thread } = channel;
    if (thread === null || thread.members.has(userId)) return;
    thread.members.set(userId, this.world.now());
    this.membersChanged("thread_member_added", channel, userId);
  }

  removeMember(channel: Channel, userId: string): void {
    if (channel.thread?.members.delete(userId) === true)
      this.membersChanged("thread_member_removed", channel, userId);
  }

  memberWire(channel: Channel, userId: string): object {
    return {
      id: channel.id,
      user_id: userId,
      flags: 0,
      join_timestamp: iso(channel.thread?.members.get(userId) ?? this.world.now()),
    };
  }

  /** Threads of a channel that are open or archived, newest first. */
  of(guild: Guild, parentId: string | null, archived: boolean): Channel[] {
    return [...guild.channels.values()]
      .filter(
        (channel) =>
          channel.thread?.archived === archived && (parentId === null || channel.parentId === parentId),
      )
      .reverse();
  }

  listWire(all: readonly Channel[], limit = Infinity): object {
    const threads = all.slice(0, limit);
    const mine = threads.filter((thread) => thread.thread?.members.has(this.world.bot.id) === true);
    return {
      threads: threads.map((thread) => channelWire(thread, undefined)),
      members: mine.map((thread) => this.memberWire(thread, this.world.bot.id)),
      has_more: all.length > threads.length,
    };
  }

  private membersChanged(
    event: "thread_member_added" | "thread_member_removed",
    channel: Channel,
    userId: string,
  ): void {
    const guildId = channel.guildId ?? "";
    this.world.record({ event, guildId, channelId: channel.id, userId });
    if (!this.world.channels.isSeenByBot(channel)) return;
    const added = event === "thread_member_added";
    const member = this.world.guilds.all.get(guildId)?.members.get(userId);
    const members =
      added && member !== undefined
        ? [
            {
              ...this.memberWire(channel, userId),
              member: memberWire(member, this.world.user(userId)),
              presence: null,
            },
          ]
        : [];
    const count = channel.thread?.members.size ?? 0;
    this.world.emit({
      event: "THREAD_MEMBERS_UPDATE",
      intents: Intent.guilds,
      guildId,
      data: () => ({
        id: channel.id,
        guild_id: guildId,
        member_count: Math.min(50, count),
        added_members: members,
        removed_member_ids: added ? [] : [userId],
      }),
    });
  }
}
