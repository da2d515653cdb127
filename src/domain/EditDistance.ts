/** Letters to insert, delete, replace or swap to make one word of the other. */
export const editDistance = (a: string, b: string): number => {
  let beforePrevious: ReadonlyArray<number> = [];
  let previous: ReadonlyArray<number> = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const current: Array<number> = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      const at = (row: ReadonlyArray<number>, index: number) => row[index] ?? Number.POSITIVE_INFINITY;
      let best = Math.min(at(previous, j) + 1, at(current, j - 1) + 1, at(previous, j - 1) + cost);
      if (a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, at(beforePrevious, j - 2) + 1);
      current.push(best);
    }
    beforePrevious = previous;
    previous = current;
  }
  return previous[b.length] ?? 0;
};
