/* Order statistics of small samples; no means, which one bad moment of a shared machine spoils. */

export interface Spread {
  readonly count: number;
  readonly min: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** The value below which a share of the samples lies (nearest rank). */
export function quantile(samples: readonly number[], share: number): number {
  if (samples.length === 0) return Number.NaN;
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] as number;
}

export function median(samples: readonly number[]): number {
  return quantile(samples, 0.5);
}

export function spread(samples: readonly number[]): Spread {
  return {
    count: samples.length,
    min: round(Math.min(...samples)),
    p50: round(median(samples)),
    p99: round(quantile(samples, 0.99)),
    max: round(Math.max(...samples)),
  };
}

/** Two digits are all that a benchmark can vouch for. */
export function round(value: number): number {
  return Math.round(value * 100) / 100;
}
