/**
 * Durations are kept in buckets that grow with them: below 32 ms each its own, above sixteen to a doubling. A bucket is named by
 * its lower end and stands for its middle, which is at most 1/32 (3.2 %) off.
 */
const EXACT_BELOW = 32;
const TO_A_DOUBLING = EXACT_BELOW / 2;
/** Up to 2^41 ms, which is 69 years; what is longer is rounded as those are. */
const DOUBLINGS = 36;

/** From `from` on a bucket is `width` wide. */
export const BUCKET_WIDTHS: ReadonlyArray<{ readonly from: number; readonly width: number }> = Array.from(
  { length: DOUBLINGS },
  (_, n) => ({ from: n === 0 ? 0 : TO_A_DOUBLING * 2 ** n, width: 2 ** n }),
);

/** The duration that stands for those of a bucket, in milliseconds. */
export const middleOf = (bucket: number): number => {
  const width = BUCKET_WIDTHS.reduce((found, step) => (bucket >= step.from ? step.width : found), 1);
  return bucket + Math.floor(width / 2);
};

/** How many durations there are in each bucket, by growing bucket. */
export interface Histogram {
  readonly buckets: ReadonlyArray<number>;
  readonly counts: ReadonlyArray<number>;
}

/** All of them as one. */
export const merged = (histograms: ReadonlyArray<Histogram>): Histogram => {
  const [only] = histograms;
  if (only !== undefined && histograms.length === 1) return only;
  const sums = new Map<number, number>();
  for (const { buckets, counts } of histograms)
    for (const [index, bucket] of buckets.entries())
      sums.set(bucket, (sums.get(bucket) ?? 0) + (counts[index] ?? 0));
  const buckets = [...sums.keys()].sort((left, right) => left - right);
  return { buckets, counts: buckets.map((bucket) => sums.get(bucket) ?? 0) };
};

export const totalOf = ({ counts }: Histogram): number => counts.reduce((sum, count) => sum + count, 0);

/** Nearest rank; none of nothing. */
export const percentileOf = (histogram: Histogram, percent: number): number | null => {
  const rank = Math.ceil((totalOf(histogram) * percent) / 100);
  let seen = 0;
  const place = histogram.counts.findIndex((count) => (seen += count) >= rank && count > 0);
  const bucket = histogram.buckets[place];
  return bucket === undefined ? null : middleOf(bucket);
};
