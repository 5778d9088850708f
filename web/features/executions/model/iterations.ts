import { nodeKey, scopePath, type ExecutionState, type ScopeState } from "#core/execution/state"
import type { NodeStatus } from "#core/execution/status"
import type { FlowNode } from "#core/flow/graph"
import { isJsonObject, type Json } from "#core/json"
import { chosenOf, partsOf, splitKey } from "#web/flow/scope-path.ts"
import type { DrawnFlow } from "./drawn-flow.ts"

/** A map or loop that was executed, and which of its iterations is looked at. */
export type Holder = {
  key: string
  node: FlowNode
  /** The path of the iteration, or undefined for all of them. */
  chosen: string | undefined
}

/**
 * The maps and loops that can be looked into from a scope: those of the flow's own level, then, inside of what is chosen, those
 * of each level further in. A called flow is a level as well.
 */
export function holdersAt(flow: DrawnFlow, chosen: string, isOpened: (key: string) => boolean): Holder[] {
  const levels = ["", ...partsOf(chosen).map((part) => part.path)]
  return levels.flatMap((level) => {
    const { graph } = flow.at(level)
    return graph.nodes.flatMap((node): Holder[] => {
      const key = nodeKey(node.id, level)
      if ((node.type !== "map" && node.type !== "loop") || !isOpened(key)) return []
      return [{ key, node, chosen: chosenOf(chosen, key) }]
    })
  })
}

/** One iteration as the picker lists it. */
export type Iteration = { path: string; index: number; status: NodeStatus; preview: string }

/** An iteration of a node; undefined where there was none. */
export function iterationAt(state: ExecutionState, holder: string, index: number): Iteration | undefined {
  const path = `${holder}[${index}]`
  const scope = state.scopes[path]
  if (!scope) return undefined
  const preview = previewOf(itemOf(state, holder, index) ?? scope.output)
  return { path, index, status: scopeStatus(scope, state), preview }
}

/** How an iteration stands, in the words of steps. */
export function scopeStatus({ status }: ScopeState, { finished_at }: ExecutionState): NodeStatus {
  if (status === "open") return finished_at === undefined ? "running" : "cancelled"
  return status === "closed" ? "succeeded" : "failed"
}

/** What an iteration of a map was given: the item. */
export function itemOf(state: ExecutionState, holder: string, index: number): Json | undefined {
  const input = state.nodes[holder]?.input
  const items = isJsonObject(input) ? input["items"] : undefined
  return Array.isArray(items) ? items[index] : undefined
}

/** What an iteration of a loop began with: the state that the one before it left. */
export function stateBefore(state: ExecutionState, holder: string, index: number): Json | undefined {
  const input = state.nodes[holder]?.input
  if (index === 0) return isJsonObject(input) ? input["state"] : undefined
  const { scope, node_id } = splitKey(holder)
  return state.scopes[scopePath(node_id, scope, index - 1)]?.output
}

const mostPreview = 60

/** The words by which one knows an item: its name, if it has one, else the beginning of it. */
export function previewOf(value: Json | undefined): string {
  if (value === undefined || value === null) return ""
  if (typeof value === "string") return cut(value)
  if (isJsonObject(value)) {
    for (const name of ["name", "title", "subject", "id"]) {
      const word = value[name]
      if (typeof word === "string" && word !== "") return cut(word)
    }
  }
  return cut(JSON.stringify(value))
}

const cut = (text: string): string => (text.length > mostPreview ? `${text.slice(0, mostPreview)}…` : text)
