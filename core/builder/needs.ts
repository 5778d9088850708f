import type { Draft } from "#core/canvas/canvas"
import { kindOf } from "#core/flow/kinds"
import { nodesOf, type Proposed, type ProposedOperation } from "./operation.ts"

/** For each change the others without which it cannot be made: an edge needs its nodes, and the route that it leaves by. */
export function needsOf(draft: Draft, proposed: readonly Proposed[]): number[][] {
  const there = new Map(draft.nodes.map((node) => [node.id, node]))
  const added = new Map<string, number>()
  const removed = new Map<string, number>()
  proposed.forEach(({ operation }, i) => {
    if (operation?.op === "add_node" && !added.has(operation.id)) added.set(operation.id, i)
    if (operation?.op === "remove" && !removed.has(operation.node)) removed.set(operation.node, i)
  })
  const madeBy = (id: string, by: number): number[] => {
    const i = added.get(id)
    return i === undefined || i === by || there.has(id) ? [] : [i]
  }
  return proposed.map(({ operation }, i) => {
    if (!operation) return []
    const needs = nodesOf(operation).flatMap((id) => madeBy(id, i))
    if (operation.op === "connect") needs.push(...routeNeeds(operation, i))
    // A node that takes another's name comes when that one has gone.
    if (operation.op === "add_node" && there.has(operation.id)) needs.push(...list(removed.get(operation.id)))
    return [...new Set(needs)]
  })

  function routeNeeds({ from, route }: Extract<ProposedOperation, { op: "connect" }>, by: number): number[] {
    if (route === undefined || route === "error") return []
    const node = there.get(from)
    const own = proposed[added.get(from) ?? -1]?.operation
    const known = node ?? (own?.op === "add_node" ? { type: own.kind, data: own.data } : undefined)
    if (
      !known ||
      kindOf(known.type)
        ?.handles(known.data)
        .some(({ id }) => id === route)
    )
      return []
    const maker = proposed.findIndex(
      ({ operation }, i) =>
        i !== by &&
        operation?.op === "set" &&
        operation.node === from &&
        JSON.stringify(operation.value ?? null).includes(JSON.stringify(route)),
    )
    return maker < 0 ? [] : [maker]
  }
}

const list = (i: number | undefined): number[] => (i === undefined ? [] : [i])

/** Those changes and everything that builds on them. */
export function closureOf(chosen: readonly number[], needs: readonly (readonly number[])[]): Set<number> {
  const all = new Set(chosen)
  for (let size = -1; size !== all.size;) {
    size = all.size
    needs.forEach((wanted, i) => {
      if (wanted.some((one) => all.has(one))) all.add(i)
    })
  }
  return all
}

/** Those changes and everything that they build on. */
export function groundOf(chosen: readonly number[], needs: readonly (readonly number[])[]): Set<number> {
  const all = new Set(chosen)
  for (const i of all) for (const one of needs[i] ?? []) all.add(one)
  return all
}

/** The changes in an order in which each comes after those it needs; of a circle the first comes first, and finds nothing. */
export function order(needs: readonly (readonly number[])[]): number[] {
  const placed = new Set<number>()
  const open = new Set<number>()
  const place = (i: number): void => {
    if (placed.has(i) || open.has(i)) return
    open.add(i)
    for (const one of needs[i]!) place(one)
    placed.add(i)
  }
  needs.forEach((_, i) => place(i))
  return [...placed]
}
