export interface Quantile {
  readonly count: number;
  /** `null` when there is no value. */
  readonly value: number | null;
}

/** The last values with their times, in two arrays that never grow. */
export const make = (size: number) => {
  const times = new Float64Array(size);
  const values = new Float64Array(size);
  let next = 0;
  return {
    add: (at: number, value: number): void => {
      times[next % size] = at;
      values[next % size] = value;
      next += 1;
    },
    /** The smallest value that at least `q` of those since a moment do not exceed. */
    quantile: (q: number, since: number): Quantile => {
      const recent = values.subarray(0, next).filter((_, index) => (times[index] ?? 0) >= since);
      recent.sort();
      return { count: recent.length, value: recent[Math.ceil(q * recent.length) - 1] ?? null };
    },
  };
};
