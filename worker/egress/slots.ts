/** So many at once in all, and fewer of one host; the others wait their turn, and may give up while they wait. */
export type Slots = { take: (host: string, signal: AbortSignal) => Promise<() => void> }

/**
 * Slots for `most` at once, `mostOfHost` of them for one host: a host that never answers leaves room for the rest. Hosts that
 * wait are served in turns, the calls of one host in their order.
 */
export function slots(most: number, mostOfHost: number): Slots {
  let free = most
  const held = new Map<string, number>()
  const queues = new Map<string, (() => void)[]>()

  const hasRoom = (host: string): boolean => free > 0 && (held.get(host) ?? 0) < mostOfHost

  const enter = (host: string): void => {
    free -= 1
    held.set(host, (held.get(host) ?? 0) + 1)
  }

  /** Lets the first host in that has somebody waiting and room, and sends it to the end of the line. */
  const admit = (): void => {
    for (const [host, queue] of queues) {
      if (!hasRoom(host)) continue
      const go = queue.shift()
      queues.delete(host)
      if (queue.length > 0) queues.set(host, queue)
      enter(host)
      go?.()
      return
    }
  }

  /** Each slot is given back once, however often its holder says so. */
  const releaser = (host: string) => {
    let isHeld = true
    return () => {
      if (!isHeld) return
      isHeld = false
      free += 1
      const left = (held.get(host) ?? 1) - 1
      if (left > 0) held.set(host, left)
      else held.delete(host)
      admit()
    }
  }

  const wait = (host: string, signal: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      const queue = queues.get(host) ?? []
      const go = () => {
        signal.removeEventListener("abort", leave)
        resolve()
      }
      const leave = () => {
        queue.splice(queue.indexOf(go), 1)
        if (queue.length === 0) queues.delete(host)
        reject(signal.reason)
      }
      signal.addEventListener("abort", leave, { once: true })
      queue.push(go)
      queues.set(host, queue)
    })

  return {
    async take(host, signal) {
      signal.throwIfAborted()
      // Who comes now does not pass those of the same host who wait; for other hosts there is room or there is none.
      if (hasRoom(host) && !queues.has(host)) enter(host)
      else await wait(host, signal)
      return releaser(host)
    },
  }
}
