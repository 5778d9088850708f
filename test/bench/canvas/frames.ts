import { setTimeout as sleep } from "node:timers/promises"
import type { CDPSession } from "playwright-core"
import { median, quantile } from "../load.ts"

/** How many frames are measured in a row. */
export const frames = 60
const frameMs = 1_000 / 60

/** What a frame costs the page's main thread, by the processor's clock and not the wall's, ms. */
export type Cost = {
  /** The script of a frame: all of it over the number of frames. */
  script: number
  /** The script of the frame that one in twenty is dearer than. */
  p95: number
}

/** The script that the page has executed since it is watched, ms. */
async function scriptOf(cdp: CDPSession): Promise<number> {
  const { metrics } = await cdp.send("Performance.getMetrics")
  return (metrics.find(({ name }) => name === "ScriptDuration")?.value ?? 0) * 1_000
}

/** From now on the page says what it spends. */
export async function watchCost(cdp: CDPSession): Promise<void> {
  await cdp.send("Performance.enable", { timeDomain: "threadTicks" })
}

/** Does something once a frame, and asks after each what it cost. Nothing of ours is executed in the page meanwhile. */
export async function costOf(cdp: CDPSession, act: (frame: number) => unknown): Promise<Cost> {
  const costs: number[] = []
  let before = await scriptOf(cdp)
  const began = performance.now()
  for (let i = 1; i <= frames; i++) {
    await act(i)
    // What takes longer than a frame makes the next one late, and no two of them one.
    await sleep(Math.max(1, began + i * frameMs - performance.now()))
    const now = await scriptOf(cdp)
    costs.push(now - before)
    before = now
  }
  const sum = costs.reduce((all, one) => all + one, 0)
  const sorted = costs.toSorted((one, other) => one - other)
  return { script: sum / frames, p95: quantile(sorted, 0.95) }
}

/** The middle of some rounds. */
export const middle = (rounds: readonly Cost[]): Cost => ({
  script: median(rounds.map(({ script }) => script)),
  p95: median(rounds.map(({ p95 }) => p95)),
})
