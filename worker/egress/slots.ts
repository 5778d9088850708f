/** At most so many at once; the others wait their turn, and may give up while they wait. */
export type Slots = { take: (signal: AbortSignal) => Promise<() => void> }

type Waiting = { go: () => void }

export function slots(most: number): Slots {
  let free = most
  const queue: Waiting[] = []

  const release = () => {
    const next = queue.shift()
    if (next) next.go()
    else free += 1
  }
  /** Each slot is given back once, however often its holder says so. */
  const releaser = () => {
    let held = true
    return () => {
      if (held) release()
      held = false
    }
  }

  return {
    async take(signal) {
      signal.throwIfAborted()
      if (free > 0) {
        free -= 1
        return releaser()
      }
      await new Promise<void>((resolve, reject) => {
        const entry: Waiting = { go: resolve }
        const onAbort = () => {
          const at = queue.indexOf(entry)
          if (at >= 0) queue.splice(at, 1)
          reject(signal.reason)
        }
        entry.go = () => {
          signal.removeEventListener("abort", onAbort)
          resolve()
        }
        signal.addEventListener("abort", onAbort, { once: true })
        queue.push(entry)
      })
      return releaser()
    },
  }
}
