import { quantile } from "../../bench/load.ts"
import { short } from "../../bench/table.ts"

/** Quantiles of what was measured, for a table. */
export function among(values: readonly number[], ...shares: number[]): string {
  const sorted = values.toSorted((a, b) => a - b)
  return shares.map((share) => short(quantile(sorted, share))).join(", ")
}
