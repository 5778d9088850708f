import type { NodeState } from "#core/execution/state"
import type { NodeStatus } from "#core/execution/status"
import type { LiveExecution } from "#web/flow/live-execution.ts"
import { isInside, partsOf } from "#web/flow/scope-path.ts"

export type StepFilter = {
  words: string
  statuses: ReadonlySet<NodeStatus>
  /** Only what is under this scope. */
  under: string
}

/** Keys of the steps that a search finds, in the order in which they were reached. */
export function foundSteps(
  live: LiveExecution,
  { words, statuses, under }: StepFilter,
  titleOf: (nodeId: string, scope: string) => string,
): string[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean)
  const titles = new Map<string, string>()
  const { nodes } = live.state
  const keys: string[] = []
  for (const key in nodes) {
    const node = nodes[key]!
    if (statuses.size > 0 && !statuses.has(node.status)) continue
    if (under !== "" && !isInside(key, under)) continue
    // The same place has the same title, whichever iteration it is.
    const place = key.replace(/\[\d+\]/g, "")
    let title = titles.get(place)
    if (title === undefined) titles.set(place, (title = titleOf(node.node_id, node.scope).toLowerCase()))
    if (wanted.every((word) => title.includes(word) || says(node, key, word))) keys.push(key)
  }
  return keys
}

/** A number means an iteration, as people count them; it is in too many keys to mean anything there. */
const says = (node: NodeState, key: string, word: string): boolean =>
  (/^\d+$/.test(word)
    ? partsOf(node.scope).some(({ index }) => index === Number(word) - 1)
    : key.toLowerCase().includes(word)) ||
  node.status.includes(word) ||
  has(node.error?.message, word) ||
  has(node.error?.code, word) ||
  has(node.model, word) ||
  has(node.http?.url, word) ||
  has(node.approval?.title, word) ||
  has(node.text, word) ||
  (typeof node.output === "string" && has(node.output, word))

const has = (text: string | undefined, word: string): boolean => text?.toLowerCase().includes(word) ?? false

const words: Record<string, string> = { map: "Item", agent: "Turn", calls: "Call" }

/** "Item 7", "Iteration 2", "Turn 3", or the node that calls a flow: what people call one body on the way down. */
export function sayPart(
  part: { node_id: string; index: number | undefined },
  type: string | undefined,
): string {
  if (part.index === undefined) return part.node_id
  return `${words[type ?? ""] ?? "Iteration"} ${(part.index + 1).toLocaleString("en")}`
}

/** "Item 7 › Iteration 2": where a step stands, in words. */
export const sayScope = (scope: string, typeOf: (nodeId: string) => string | undefined): string =>
  partsOf(scope)
    .map((part) => sayPart(part, typeOf(part.node_id)))
    .join(" › ")
