/** A way between two nodes of one level, by their ids. */
export type Way = readonly [from: string, to: string]

/**
 * Puts nodes into columns so that every way leads to a later one: each as far left as what comes before it allows. A way that
 * leads back, as in a circle, is left out of account.
 */
export function layersOf(ids: readonly string[], ways: readonly Way[]): string[][] {
  const after = Map.groupBy(ways, ([from]) => from)
  const state = new Map<string, "open" | "done">()
  const sorted: string[] = []
  const forward: Way[] = []
  for (const root of ids) {
    if (state.has(root)) continue
    // By a stack of our own: two thousand nodes in a chain are deeper than the engine's.
    const path: { id: string; next: number }[] = [{ id: root, next: 0 }]
    state.set(root, "open")
    for (let at = path.at(-1); at; at = path.at(-1)) {
      const way = after.get(at.id)?.[at.next++]
      if (!way) {
        state.set(at.id, "done")
        sorted.push(at.id)
        path.pop()
        continue
      }
      if (state.get(way[1]) === "open") continue
      forward.push(way)
      if (state.has(way[1])) continue
      state.set(way[1], "open")
      path.push({ id: way[1], next: 0 })
    }
  }
  const column = new Map<string, number>(ids.map((id) => [id, 0]))
  const ahead = Map.groupBy(forward, ([from]) => from)
  for (const id of sorted.toReversed())
    for (const [, to] of ahead.get(id) ?? []) column.set(to, Math.max(column.get(to)!, column.get(id)! + 1))
  const columns: string[][] = []
  for (const id of ids) (columns[column.get(id)!] ??= []).push(id)
  return columns
}

const sweeps = 6

/** Orders each column by where its neighbours stand in the ones beside it, to and fro, so that few ways cross. */
export function untangle(columns: readonly string[][], ways: readonly Way[]): string[][] {
  const before = Map.groupBy(ways, ([, to]) => to)
  const after = Map.groupBy(ways, ([from]) => from)
  let ordered = columns.map((column) => [...column])
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const isForth = sweep % 2 === 0
    const rank = new Map<string, number>()
    const next = isForth ? ordered : ordered.toReversed()
    const sorted = next.map((column) => {
      const own = new Map(column.map((id, i) => [id, i]))
      const wanted = (id: string): number => {
        const beside = isForth ? before.get(id)?.map(([from]) => from) : after.get(id)?.map(([, to]) => to)
        const ranks = (beside ?? []).flatMap((one) => rank.get(one) ?? [])
        return ranks.length === 0 ? own.get(id)! : ranks.reduce((sum, one) => sum + one, 0) / ranks.length
      }
      const places = new Map(column.map((id) => [id, wanted(id)]))
      const made = column.toSorted(
        (one, other) => places.get(one)! - places.get(other)! || own.get(one)! - own.get(other)!,
      )
      for (const [i, id] of made.entries()) rank.set(id, i)
      return made
    })
    ordered = isForth ? sorted : sorted.toReversed()
  }
  return ordered
}

/** The nodes that hang together by ways, set by set, in the order of their first. */
export function componentsOf(ids: readonly string[], ways: readonly Way[]): string[][] {
  const beside = new Map<string, string[]>(ids.map((id) => [id, []]))
  for (const [from, to] of ways) {
    beside.get(from)?.push(to)
    beside.get(to)?.push(from)
  }
  const seen = new Set<string>()
  return ids.flatMap((root) => {
    if (seen.has(root)) return []
    const members = new Set([root])
    const open = [root]
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      seen.add(id)
      for (const one of beside.get(id) ?? []) {
        if (members.has(one)) continue
        members.add(one)
        open.push(one)
      }
    }
    return [ids.filter((id) => members.has(id))]
  })
}
