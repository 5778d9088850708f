type Search = {
  /** At least what is left of the way from a state. */
  rest(state: number): number
  /** Tells each state that a step leads to, with what the step costs. */
  steps(state: number, go: (to: number, cost: number) => void): void
}

/** The cheapest way from a state to one that is wanted (A*), both ends included; null where none leads there. */
export function cheapest(
  from: number,
  isWanted: (state: number) => boolean,
  search: Search,
): number[] | null {
  const costs = new Map<number, number>([[from, 0]])
  const before = new Map<number, number>()
  const done = new Set<number>()
  const open = new Heap()
  open.push(from, search.rest(from))
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    if (done.has(state)) continue
    if (isWanted(state)) return wayTo(state, before)
    done.add(state)
    const cost = costs.get(state)!
    const here = state
    search.steps(here, (to, step) => {
      const next = cost + step
      if (next >= (costs.get(to) ?? Infinity)) return
      costs.set(to, next)
      before.set(to, here)
      open.push(to, next + search.rest(to))
    })
  }
  return null
}

function wayTo(end: number, before: ReadonlyMap<number, number>): number[] {
  const way = [end]
  for (let state = before.get(end); state !== undefined; state = before.get(state)) way.push(state)
  return way.toReversed()
}

/** The least first. */
class Heap {
  private readonly states: number[] = []
  private readonly costs: number[] = []

  push(state: number, cost: number): void {
    let at = this.states.length
    this.put(at, state, cost)
    while (at > 0) {
      const up = (at - 1) >> 1
      if (this.costs[up]! <= cost) break
      this.put(at, this.states[up]!, this.costs[up]!)
      at = up
    }
    this.put(at, state, cost)
  }

  pop(): number | undefined {
    const first = this.states[0]
    const state = this.states.pop()
    const cost = this.costs.pop()
    const { length } = this.states
    if (state === undefined || cost === undefined || length === 0) return first
    let at = 0
    for (let low = 1; low < length; low = 2 * at + 1) {
      if (low + 1 < length && this.costs[low + 1]! < this.costs[low]!) low++
      if (this.costs[low]! >= cost) break
      this.put(at, this.states[low]!, this.costs[low]!)
      at = low
    }
    this.put(at, state, cost)
    return first
  }

  private put(at: number, state: number, cost: number): void {
    this.states[at] = state
    this.costs[at] = cost
  }
}
