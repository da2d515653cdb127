/** The world's time: real time, moved forward or made to stand still on demand. */
export class Clock {
  private offset = 0;
  private frozenAt: number | null;

  /** With a time it stands still there from the start. */
  constructor(frozenAt?: number) {
    this.frozenAt = frozenAt ?? null;
  }

  now(): number {
    return this.frozenAt ?? this.running();
  }

  /** For what must not wait for ever on a clock that stands still, such as rate limits. */
  running(): number {
    return Date.now() + this.offset;
  }

  get frozen(): boolean {
    return this.frozenAt !== null;
  }

  advance(ms: number): void {
    this.offset += ms;
    if (this.frozenAt !== null) this.frozenAt += ms;
  }

  freeze(): void {
    this.frozenAt = this.now();
  }

  /** Goes on from where it stood. */
  unfreeze(): void {
    if (this.frozenAt !== null) this.offset = this.frozenAt - Date.now();
    this.frozenAt = null;
  }
}
