/** The middle value; the mean of the two in the middle when there is an even number. */
export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Median, minimum and maximum of a figure over the rounds. */
export const spread = (values) => ({ median: median(values), min: Math.min(...values), max: Math.max(...values) });
