/* oxlint-disable unicorn/require-post-message-target-origin -- a thread of ours is no window */
import { isMainThread, parentPort } from "node:worker_threads"
import { attacks } from "./regex-attack.ts"

/** Lengths to climb: what grows without bound shows at the small ones before it could hang at the large. */
const lengths = [20, 26, 32, 36, 40, 1_000, 2_000, 4_000, 8_000, 20_000, 50_000]

/** How long a text of the last length may take: twenty times what one that is read once needs on a busy machine. */
const mostMs = 200

/** An expression, and the longest text that its place in the product lets through to it, white space in rows of so many signs at most. */
export type Asked = { source: string; flags: string; most?: number; spaces?: number }
export type Slow = { length: number; ms: number; text: string }

/** The first text on which an expression takes too long, of the smallest length; undefined when none does. */
export function slowest({ source, flags, most = Infinity, spaces }: Asked): Slow | undefined {
  const pattern = new RegExp(source, [...new Set(`${flags.replace("y", "")}g`)].join(""))
  const row = spaces === undefined ? undefined : new RegExp(`(\\s{${spaces}})\\s+`, "g")
  for (const length of lengths) {
    for (const whole of attacks(source, flags, length)) {
      const text = (row ? whole.replace(row, "$1") : whole).slice(0, most)
      // Once more when it was slow, but not hopeless: the machine may have done something else.
      let ms = timed(pattern, text)
      for (let i = 0; i < 2 && ms > mostMs && ms < 4 * mostMs; i++) ms = Math.min(ms, timed(pattern, text))
      if (ms > mostMs) return { length: text.length, ms, text: text.slice(0, 60) }
    }
  }
  return undefined
}

/** As `replace` and `matchAll` walk a text: from each match to the next, to its end. */
function timed(pattern: RegExp, text: string): number {
  pattern.lastIndex = 0
  const since = performance.now()
  text.replace(pattern, "")
  return performance.now() - since
}

if (!isMainThread) {
  parentPort!.on("message", (asked: Asked) => parentPort!.postMessage(slowest(asked) ?? null))
  parentPort!.postMessage("ready")
}
