import * as z from "zod"
import type { FlowDraft } from "#core/contract/flows"
import { FlowEdge, FlowNode } from "#core/flow/graph"
import type { Point } from "./document.ts"
import { freeName } from "./names.ts"
import { renameReferences } from "./rename.ts"

/** A part of a flow as it travels through the clipboard: plain JSON, so that it also pastes into another tab's flow. */
const Fragment = z.strictObject({
  format: z.literal("edgecrew.fragment"),
  nodes: z.array(FlowNode).max(2_000),
  edges: z.array(FlowEdge).max(8_000),
})
export type Fragment = z.infer<typeof Fragment>

/** The chosen nodes and the edges among them. */
export function copyOf(draft: FlowDraft, nodeIds: ReadonlySet<string>): Fragment {
  return {
    format: "edgecrew.fragment",
    nodes: draft.nodes.filter((node) => nodeIds.has(node.id)),
    edges: draft.edges.filter((edge) => nodeIds.has(edge.source) && nodeIds.has(edge.target)),
  }
}

export const toText = (fragment: Fragment): string => JSON.stringify(fragment)

/** The fragment that a text holds, or null when it is something else that was copied. */
export function fromText(text: string): Fragment | null {
  if (!text.startsWith("{")) return null
  try {
    const parsed = Fragment.safeParse(JSON.parse(text))
    return parsed.success && parsed.data.nodes.length > 0 ? parsed.data : null
  } catch {
    return null
  }
}

/**
 * Adds a copy with names of its own. Expressions inside the copy that refer to copied nodes follow the new names; those that
 * refer to other nodes stay. `at` is where the copy's upper left corner lands.
 */
export function paste(
  draft: FlowDraft,
  fragment: Fragment,
  at: Point,
): { draft: FlowDraft; nodeIds: Set<string> } {
  const taken = new Set(draft.nodes.map((node) => node.id))
  const names = new Map<string, string>()
  for (const node of fragment.nodes) {
    const name = freeName(node.id, taken)
    taken.add(name)
    names.set(node.id, name)
  }
  const left = Math.min(...fragment.nodes.map((node) => node.position.x))
  const top = Math.min(...fragment.nodes.map((node) => node.position.y))
  const nodes = fragment.nodes.map((node): FlowNode => {
    const { parent_id: parent, ...rest } = node
    const parentName = parent === undefined ? undefined : names.get(parent)
    return {
      ...rest,
      id: names.get(node.id)!,
      position: { x: at.x + node.position.x - left, y: at.y + node.position.y - top },
      data: renameReferences(node, names),
      ...(parentName === undefined ? {} : { parent_id: parentName }),
    }
  })
  const edgeIds = new Set(draft.edges.map((edge) => edge.id))
  const edges = fragment.edges.flatMap((edge): FlowEdge[] => {
    const source = names.get(edge.source)
    const target = names.get(edge.target)
    if (source === undefined || target === undefined) return []
    const id = freeName(`${source}-${target}`, edgeIds)
    edgeIds.add(id)
    return [{ ...edge, id, source, target }]
  })
  return {
    draft: { ...draft, nodes: [...draft.nodes, ...nodes], edges: [...draft.edges, ...edges] },
    nodeIds: new Set(names.values()),
  }
}
