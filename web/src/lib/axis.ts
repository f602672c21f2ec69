/** A round number that is not below the highest, for the top of an axis. */
export function roundAbove(highest: number, least = 4): number {
  if (highest <= least) return least;
  const size = 10 ** Math.floor(Math.log10(highest));
  return [1, 2, 4, 5, 10].map((step) => step * size).find((step) => step >= highest) ?? highest;
}

/** Each series on top of those before it; where nothing is known nothing is added. */
export function stack(series: (number | null)[][]): (number | null)[][] {
  const sums: number[] = [];
  return series.map((values) =>
    values.map((value, index) => {
      sums[index] = (sums[index] ?? 0) + (value ?? 0);
      return value === null ? null : sums[index];
    }),
  );
}
