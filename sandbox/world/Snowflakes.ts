const DISCORD_EPOCH = 1_420_070_400_000;

export interface SnowflakeState {
  readonly lastMs: number;
  readonly counter: number;
  readonly seeded: number;
}

/** Ids as Discord makes them: the time in the upper bits, a counter below. Nothing random. */
export class Snowflakes {
  private lastMs = 0;
  private high = 0n;
  private counter = 0;
  private seeded = 0;

  constructor(private readonly now: () => number) {}

  get state(): SnowflakeState {
    const { lastMs, counter, seeded } = this;
    return { lastMs, counter, seeded };
  }
  set state({ lastMs, counter, seeded }: SnowflakeState) {
    Object.assign(this, { lastMs, counter, seeded });
    this.high = BigInt(Math.max(0, lastMs - DISCORD_EPOCH)) << 22n;
  }

  /** A new id, greater than all before. */
  next(): string {
    const ms = Math.max(this.now(), this.lastMs);
    if (ms !== this.lastMs) {
      this.lastMs = ms;
      this.high = BigInt(ms - DISCORD_EPOCH) << 22n;
      this.counter = 0;
    }
    return (this.high | BigInt(this.counter++)).toString();
  }

  /** An id of something that was made at a given time. */
  at(ms: number): string {
    return ((BigInt(Math.max(0, ms - DISCORD_EPOCH)) << 22n) | BigInt(++this.seeded)).toString();
  }
}

export function snowflakeTime(id: string): number {
  return Number(BigInt(id) >> 22n) + DISCORD_EPOCH;
}

export function isSnowflake(text: string): boolean {
  return /^\d{15,20}$/.test(text);
}

/** Orders ids by age without making numbers of them. */
export function compareIds(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}
