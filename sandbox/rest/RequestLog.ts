import type { RequestFilter, RequestRecord } from "../contract/log.js";

/** Every request the bot made, in order, bounded; and those who wait for one. */
export class RequestLog {
  private readonly records: RequestRecord[] = [];
  private readonly listeners = new Set<(record: RequestRecord) => void>();
  private limit = 10_000;
  seq = 0;
  refused = 0;
  rateLimited = 0;

  add(fresh: Omit<RequestRecord, "seq">): void {
    this.seq++;
    if (fresh.status >= 400) this.refused++;
    if (fresh.status === 429) this.rateLimited++;
    if (this.limit === 0 && this.listeners.size === 0) return;
    const record = { seq: this.seq, ...fresh };
    if (this.limit > 0) this.records.push(record);
    if (this.records.length > this.limit * 1.1) this.records.splice(0, this.records.length - this.limit);
    for (const listener of this.listeners) listener(record);
  }

  setLimit(limit: number): void {
    this.limit = limit;
    if (this.records.length > limit) this.records.splice(0, this.records.length - limit);
  }

  find(filter: RequestFilter): RequestRecord[] {
    return this.records.filter((record) => matchesRequest(record, filter));
  }

  subscribe(listener: (record: RequestRecord) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}

export function matchesRequest(record: RequestRecord, filter: RequestFilter): boolean {
  return (
    (filter.since === undefined || record.seq > filter.since) &&
    (filter.method === undefined || record.method === filter.method) &&
    (filter.route === undefined || record.route === filter.route || record.path === filter.route) &&
    (filter.status === undefined || record.status === filter.status)
  );
}
