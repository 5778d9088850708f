/** So many at once in all, and fewer of one host; the others wait their turn, and may give up while they wait. */
export type Slots = { take: (host: string, signal: AbortSignal) => Promise<() => void> }

/** How often who waits looks whether it is their turn. */
const lookMs = 5
/** Who has not looked for so long is gone with their request, and is passed over. */
const goneMs = 10_000

/**
 * Somebody's turn: plain data, because whoever gives a slot back runs in another request or object, where the runtime lets nobody end
 * another's wait or touch another's signal. Who waits looks by a timer of their own.
 */
type Turn = { isOn: boolean; lookedAt: number }

/**
 * Slots for `most` at once, `mostOfHost` of them for one host: a host that never answers leaves room for the rest. Hosts that
 * wait are served in turns, the calls of one host in their order.
 */
export function slots(most: number, mostOfHost: number): Slots {
  let free = most
  const held = new Map<string, number>()
  const queues = new Map<string, Turn[]>()

  const hasRoom = (host: string): boolean => free > 0 && (held.get(host) ?? 0) < mostOfHost

  const enter = (host: string): void => {
    free -= 1
    held.set(host, (held.get(host) ?? 0) + 1)
  }

  /** Lets the first host in that has somebody waiting and room, and sends it to the end of the line. */
  const admit = (): void => {
    for (const [host, queue] of queues) {
      if (!hasRoom(host)) continue
      const turn = nextOf(queue)
      queues.delete(host)
      if (queue.length > 0) queues.set(host, queue)
      if (!turn) continue
      enter(host)
      turn.isOn = true
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

  const wait = async (host: string, signal: AbortSignal): Promise<void> => {
    const turn: Turn = { isOn: false, lookedAt: Date.now() }
    const queue = queues.get(host) ?? []
    queue.push(turn)
    queues.set(host, queue)
    while (!turn.isOn) {
      await new Promise((resolve) => setTimeout(resolve, lookMs))
      turn.lookedAt = Date.now()
      if (turn.isOn || !signal.aborted) continue
      queue.splice(queue.indexOf(turn), 1)
      if (queue.length === 0 && queues.get(host) === queue) queues.delete(host)
      throw signal.reason
    }
  }

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

/** The first who still waits; those who are gone are dropped. */
function nextOf(queue: Turn[]): Turn | undefined {
  const now = Date.now()
  for (let turn = queue.shift(); turn; turn = queue.shift()) if (now - turn.lookedAt < goneMs) return turn
  return undefined
}
