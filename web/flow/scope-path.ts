import { holderOf } from "#core/flow/holder"
import type { FlowNode } from "#core/flow/graph"
import { nodeKey } from "#core/execution/state"

/** One body on the way down a scope path: `each[3]` in `each[3]/again[0]`. */
export type ScopePart = {
  /** The path down to here. */
  path: string
  /** The key of the node that holds the body: the path without its last index. */
  holder: string
  node_id: string
  index: number | undefined
}

/** The bodies that a scope stands in, outermost first. */
export function partsOf(scope: string): ScopePart[] {
  if (scope === "") return []
  let path = ""
  return scope.split("/").map((word) => {
    const open = word.indexOf("[")
    const node_id = open < 0 ? word : word.slice(0, open)
    const holder = nodeKey(node_id, path)
    path = nodeKey(word, path)
    return { path, holder, node_id, index: open < 0 ? undefined : Number(word.slice(open + 1, -1)) }
  })
}

/** The scope that a step's key stands under, and its node's id. */
export function splitKey(key: string): { scope: string; node_id: string } {
  const cut = key.lastIndexOf("/")
  return { scope: cut < 0 ? "" : key.slice(0, cut), node_id: key.slice(cut + 1) }
}

/**
 * The places that a scope belongs to. A place names a map or loop without an index where it means all iterations:
 * `each[3]/again[0]` belongs to `each[3]/again` and to `each/again`.
 */
export function placesOf(scope: string): string[] {
  const words = scope.split("/")
  const places: string[] = []
  for (let i = words.length - 1; i >= 0; i--) {
    const open = words[i]!.indexOf("[")
    if (open < 0) continue
    words[i] = words[i]!.slice(0, open)
    places.push(words.join("/"))
  }
  return places
}

/**
 * Which steps a canvas shows of a flow: those of the chosen iterations, and all iterations together where none is chosen.
 */
export type ScopeView = {
  /** The scope that the drawn flow itself stands under; empty for the one that is executed, `call` for one that it calls. */
  base: string
  /** The iteration that is looked at. */
  chosen: string
  /** Ids of the maps and loops that each node stands in, outermost first; nodes of the flow's own level are left out. */
  holders: ReadonlyMap<string, readonly string[]>
}

export const wholeView: ScopeView = { base: "", chosen: "", holders: new Map() }

/** Which maps and loops the nodes of a flow stand in. */
export function holdersIn(nodes: readonly FlowNode[]): Map<string, string[]> {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const chains = new Map<string, string[]>()
  for (const node of nodes) {
    const chain: string[] = []
    // A draft may hold circles of parents; validation names them.
    for (let one = holderOf(node, byId); one && chain.length < nodes.length; one = holderOf(one, byId))
      chain.unshift(one.id)
    if (chain.length > 0) chains.set(node.id, chain)
  }
  return chains
}

/** The place of a node in a view: its step where the iterations are chosen, else all of them. */
export function placeIn(view: ScopeView, nodeId: string): string {
  let path = view.base
  for (const id of view.holders.get(nodeId) ?? []) {
    const holder = nodeKey(id, path)
    path = chosenOf(view.chosen, holder) ?? holder
  }
  return nodeKey(nodeId, path)
}

/** The iteration of a map or loop that a chosen scope lies in. */
export function chosenOf(chosen: string, holder: string): string | undefined {
  if (!chosen.startsWith(`${holder}[`)) return undefined
  return chosen.slice(0, chosen.indexOf("]", holder.length) + 1)
}

/** Whether a step or a scope lies in another scope, or in what a step holds, or is it. */
export const isInside = (path: string, outer: string): boolean =>
  path.startsWith(outer) && (path.length === outer.length || "/[".includes(path[outer.length]!))
