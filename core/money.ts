/** Money is whole micro-USD: 1,000,000 micros are one dollar. */
export type Micros = number

/** "$0.0012": as many decimals as the amount needs, two at least, six at most. */
export function formatMicros(micros: Micros): string {
  const dollars = (Math.abs(micros) / 1_000_000).toFixed(6).replace(/0{1,4}$/, "")
  return `${micros < 0 ? "-" : ""}$${dollars}`
}
