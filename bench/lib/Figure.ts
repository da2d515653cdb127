/** One measured number. */
export interface Figure {
  readonly bench: string;
  readonly profile: string;
  readonly metric: string;
  readonly value: number;
  readonly unit: "ms" | "MB" | "s" | "count" | "ratio";
}

export interface BenchOptions {
  /** Only this profile. */
  readonly profile?: string;
  /** A smaller run, to see that it works. */
  readonly quick: boolean;
}

export type Bench = (options: BenchOptions) => Promise<ReadonlyArray<Figure>>;

/** Nearest rank. */
export const percentile = (values: ReadonlyArray<number>, rank: number): number => {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.max(Math.ceil((rank / 100) * sorted.length) - 1, 0)] ?? Number.NaN;
};

export const round = (value: number): number => Math.round(value * 100) / 100;
