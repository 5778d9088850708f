/** So many at once in all, and fewer of one host; the others wait their turn, and may give up while they wait. */
export type Slots = {
  /** Waits for a slot and answers with how to give it back; it falls back by itself after `mostMs`. */
  take: (host: string, signal: AbortSignal, mostMs?: number) => Promise<() => void>
}

/** How often who waits looks whether it is their turn: soon at first, and more rarely as they wait. */
const firstLookMs = 5
const lastLookMs = 50
/** Who has not looked for so long is gone with their request, and is passed over. */
const goneMs = 10_000
/** A slot that is not given back by then belonged to a request that the runtime has ended: nothing of it runs any more, no `finally` either. */
const usualMostMs = 10 * 60_000

/**
 * Somebody's turn: plain data, because whoever gives a slot back runs in another request or object, where the runtime lets nobody end
 * another's wait or touch another's signal. Who waits looks by a timer of their own.
 */
type Turn = { hold: Hold | undefined; lookedAt: number }

/** A slot that is taken, until it is given back or its time is over. */
type Hold = { host: string; until: number }

/**
 * Slots for `most` at once, `mostOfHost` of them for one host: a host that never answers leaves room for the rest. Hosts that
 * wait are served in turns, the calls of one host in their order.
 */
export function slots(most: number, mostOfHost: number): Slots {
  const holds = new Set<Hold>()
  const held = new Map<string, number>()
  const queues = new Map<string, Turn[]>()

  const hasRoom = (host: string): boolean => holds.size < most && (held.get(host) ?? 0) < mostOfHost

  const enter = (host: string, mostMs: number): Hold => {
    const hold = { host, until: Date.now() + mostMs }
    holds.add(hold)
    held.set(host, (held.get(host) ?? 0) + 1)
    return hold
  }

  /** Each slot is given back once, however often its holder says so. */
  const leave = (hold: Hold): void => {
    if (!holds.delete(hold)) return
    const left = (held.get(hold.host) ?? 1) - 1
    if (left > 0) held.set(hold.host, left)
    else held.delete(hold.host)
    admit()
  }

  /** Lets the first host in that has somebody waiting and room, and sends it to the end of the line. */
  const admit = (): void => {
    for (const [host, queue] of queues) {
      if (!hasRoom(host)) continue
      const turn = nextOf(queue)
      queues.delete(host)
      if (queue.length > 0) queues.set(host, queue)
      if (!turn) continue
      // Who does not come for it in that time is gone.
      turn.hold = enter(host, goneMs)
      return
    }
  }

  /** Takes back what nobody will give back any more. */
  const reclaim = (): void => {
    const now = Date.now()
    for (const hold of holds) if (hold.until <= now) leave(hold)
  }

  const wait = async (host: string, signal: AbortSignal): Promise<Hold> => {
    const turn: Turn = { hold: undefined, lookedAt: Date.now() }
    const queue = queues.get(host) ?? []
    queue.push(turn)
    queues.set(host, queue)
    for (let ms = firstLookMs; ; ms = Math.min(lastLookMs, ms + 1)) {
      await new Promise((resolve) => setTimeout(resolve, ms))
      turn.lookedAt = Date.now()
      if (turn.hold && holds.has(turn.hold)) return turn.hold
      if (turn.hold || signal.aborted) break
      reclaim()
    }
    if (turn.hold === undefined) {
      const place = queue.indexOf(turn)
      if (place !== -1) queue.splice(place, 1)
      if (queue.length === 0 && queues.get(host) === queue) queues.delete(host)
      throw signal.reason
    }
    // It slept so long that its turn was over: it waits again, at the end.
    return wait(host, signal)
  }

  return {
    async take(host, signal, mostMs = usualMostMs) {
      signal.throwIfAborted()
      reclaim()
      // Who comes now does not pass those of the same host who wait; for other hosts there is room or there is none.
      const hold = hasRoom(host) && !queues.has(host) ? enter(host, mostMs) : await wait(host, signal)
      hold.until = Date.now() + mostMs
      return () => leave(hold)
    },
  }
}

/** The first who still waits; those who are gone are dropped. */
function nextOf(queue: Turn[]): Turn | undefined {
  const now = Date.now()
  for (let turn = queue.shift(); turn; turn = queue.shift()) if (now - turn.lookedAt < goneMs) return turn
  return undefined
}
