import autocannon from "autocannon"

export interface Target {
  name: string
  url: string
  method: "GET" | "POST"
  headers?: Record<string, string>
  body?: string
}

export interface Sample {
  perSecond: number
  p50: number
  p95: number
  /** Answers other than 200, and requests without an answer. */
  bad: number
}

/** The value below which the share lies; of sorted numbers. */
export function quantile(sorted: readonly number[], share: number): number {
  if (sorted.length === 0) return Number.NaN
  const at = (sorted.length - 1) * share
  const low = sorted[Math.floor(at)] ?? Number.NaN
  const high = sorted[Math.ceil(at)] ?? Number.NaN
  return low + (high - low) * (at - Math.floor(at))
}

export const median = (values: readonly number[]): number =>
  quantile(
    values.toSorted((a, b) => a - b),
    0.5,
  )

/** Loads one target for a while; latencies are taken per answer, autocannon's own histogram has whole milliseconds. */
export async function load(target: Target, connections: number, duration: number): Promise<Sample> {
  const times: number[] = []
  let wrong = 0
  const { name: _, ...request } = target
  const result = await new Promise<autocannon.Result>((resolve, reject) => {
    const instance = autocannon({ ...request, connections, duration }, (error, done) => {
      if (error) reject(error instanceof Error ? error : new Error(String(error)))
      else resolve(done)
    })
    instance.on("response", (_client, status, _bytes, time) => {
      times.push(time)
      if (status !== 200) wrong++
    })
  })
  // No answer at all is as slow as can be, and sorts behind every other round.
  if (times.length === 0) return { perSecond: 0, p50: Infinity, p95: Infinity, bad: 1 + result.errors }
  times.sort((a, b) => a - b)
  return {
    perSecond: (times.length - wrong) / result.duration,
    p50: quantile(times, 0.5),
    p95: quantile(times, 0.95),
    bad: wrong + result.errors + result.timeouts,
  }
}
