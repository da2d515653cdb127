import type { Violation } from "./contract/log.js";

const KEPT = 2_000;

/** Everything that Discord would not have understood, or that the sandbox said unlike Discord. */
export class Violations {
  private list: Violation[] = [];
  private readonly listeners = new Set<(violation: Violation) => void>();
  private seq = 0;

  add(fresh: Omit<Violation, "seq">): void {
    const violation = { seq: ++this.seq, ...fresh };
    if (this.list.length < KEPT) this.list.push(violation);
    for (const listener of this.listeners) listener(violation);
  }

  all(): Violation[] {
    return [...this.list];
  }

  get count(): number {
    return this.list.length;
  }

  clear(): void {
    this.list = [];
  }

  subscribe(listener: (violation: Violation) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}
