import type { Violation } from "./contract/log.js";

const KEPT = 2_000;

/** Everything that Discord would not have understood, or that the sandbox said unlike Discord. */
export class Violations {
  private list: Violation[] = [];
  private seq = 0;

  add(violation: Omit<Violation, "seq">): void {
    this.seq++;
    if (this.list.length < KEPT) this.list.push({ seq: this.seq, ...violation });
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
}
