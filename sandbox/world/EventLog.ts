import type { EventFilter, WorldEvent } from "../contract/log.js";

type Fresh = Omit<WorldEvent, "seq" | "at">;

/** What really changed, in order, bounded; and those who wait for a change. */
export class EventLog {
  private readonly events: WorldEvent[] = [];
  private readonly listeners = new Set<(event: WorldEvent) => void>();
  private limit = 20_000;
  seq = 0;

  record(fresh: Fresh): void {
    const event: WorldEvent = { seq: ++this.seq, at: performance.now(), ...fresh };
    if (this.limit > 0) this.events.push(event);
    // Dropping in blocks keeps this cheap per event.
    if (this.events.length > this.limit * 1.1) this.events.splice(0, this.events.length - this.limit);
    for (const listener of this.listeners) listener(event);
  }

  setLimit(limit: number): void {
    this.limit = limit;
    if (this.events.length > limit) this.events.splice(0, this.events.length - limit);
  }

  find(filter: EventFilter): WorldEvent[] {
    return this.events.filter((event) => matches(event, filter));
  }

  subscribe(listener: (event: WorldEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}

export function matches(event: WorldEvent, filter: EventFilter): boolean {
  return (
    (filter.since === undefined || event.seq > filter.since) &&
    (filter.event === undefined || event.event === filter.event) &&
    (filter.guildId === undefined || event.guildId === filter.guildId) &&
    (filter.channelId === undefined || event.channelId === filter.channelId) &&
    (filter.messageId === undefined || event.messageId === filter.messageId) &&
    (filter.userId === undefined || event.userId === filter.userId) &&
    (filter.roleId === undefined || event.roleId === filter.roleId) &&
    (filter.interactionId === undefined || event.interactionId === filter.interactionId) &&
    (filter.text === undefined || (event.text?.includes(filter.text) ?? false))
  );
}
