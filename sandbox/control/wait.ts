const WAIT_MS = 5_000;

interface Collecting<T> {
  /** Named in the error. */
  readonly what: string;
  readonly past: readonly T[];
  readonly count: number | undefined;
  readonly timeoutMs: number | undefined;
  readonly subscribe: (add: (item: T) => void) => () => void;
}

/** The first `count` items, past ones included; fails when they do not come in time. */
export function collect<T>({
  what,
  past,
  count = 1,
  timeoutMs = WAIT_MS,
  subscribe,
}: Collecting<T>): Promise<T[]> {
  const found = past.slice(0, count);
  if (found.length >= count) return Promise.resolve(found);
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      stop();
      reject(new Error(`Waited ${timeoutMs} ms for ${count} of ${what}, and saw ${found.length}`));
    }, timeoutMs);
    const stop = subscribe((item) => {
      found.push(item);
      if (found.length < count) return;
      clearTimeout(timer);
      stop();
      resolve(found);
    });
  });
}
