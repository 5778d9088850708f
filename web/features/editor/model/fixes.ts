import type { FlowDraft } from "#core/contract/flows"
import type { Finding, FlowNode } from "#core/flow/graph"
import { kindOf } from "#core/flow/kinds"
import { nodeWidth, sizeOf } from "#web/flow/geometry.ts"
import { nestingOf } from "#web/flow/nesting.ts"
import { addNode, connect, removeElements, setField } from "./document.ts"
import { fieldTokens, nodeReferences } from "./expression-tokens.ts"
import { moveInto, withParent } from "./frames.ts"
import { freeSpot, gap, spotAfter } from "./placement.ts"
import { renameInText } from "./rename.ts"

/** What mends a finding, in the words of a button, and the flow when it is done. */
export type Fix = { label: string; draft: FlowDraft }

/** The one way to mend a finding; null where a person has to choose. */
export function fixOf(draft: FlowDraft, finding: Finding): Fix | null {
  if (finding.edge_id !== undefined) return fixOfEdge(draft, finding, finding.edge_id)
  if (finding.node_id === undefined) return fixOfFlow(draft, finding)
  const node = draft.nodes.find(({ id }) => id === finding.node_id)
  return node ? fixOfNode(draft, finding, node) : null
}

const faultyEdges = new Set([
  "edge.dangling",
  "edge.duplicate",
  "edge.into_input",
  "edge.unknown_handle",
  "edge.crosses",
])

const fixOfEdge = (draft: FlowDraft, { code }: Finding, id: string): Fix | null =>
  faultyEdges.has(code)
    ? { label: "Remove the edge", draft: removeElements(draft, new Set(), new Set([id])) }
    : null

function fixOfFlow(draft: FlowDraft, { code }: Finding): Fix | null {
  if (code === "flow.no_input") return { label: "Add an input", draft: withInput(draft) }
  if (code === "flow.no_output") return withOutput(draft)
  return null
}

/** Nodes at the flow's own level that do work and that nothing leads to, or from. */
function endsOf(draft: FlowDraft, end: "source" | "target"): FlowNode[] {
  const joined = new Set(draft.edges.map((edge) => edge[end]))
  const nesting = nestingOf(draft.nodes)
  return draft.nodes.filter(
    (node) => kindOf(node.type)?.act !== "none" && !joined.has(node.id) && !nesting.holder(node.id),
  )
}

function withInput(draft: FlowDraft): FlowDraft {
  const roots = endsOf(draft, "target")
  const [root] = roots
  const nesting = nestingOf(draft.nodes)
  const at = root ? nesting.place(root.id) : { x: 0, y: 0 }
  const spot = freeSpot(draft, { x: at.x - nodeWidth - gap.x, y: at.y })
  const added = addNode(draft, "input", spot)
  // Where a flow has several beginnings, a person says which of them the input leads to.
  return root && roots.length === 1
    ? connect(added.draft, { source: added.id, target: root.id })
    : added.draft
}

function withOutput(draft: FlowDraft): Fix | null {
  const leaves = endsOf(draft, "source").filter(
    (node) => (kindOf(node.type)?.handles(node.data).length ?? 0) > 0,
  )
  const [leaf] = leaves
  if (!leaf || leaves.length > 1) return null
  const way = kindOf(leaf.type)
    ?.handles(leaf.data)
    .filter(({ id }) => id !== "error")
  if (way?.length !== 1) return null
  const nesting = nestingOf(draft.nodes)
  const frame = nesting.around(leaf.id).at(-1)
  const spot = frame
    ? freeSpot(draft, { x: frame.position.x + sizeOf(frame).width + gap.x, y: frame.position.y })
    : (spotAfter(draft, leaf.id) ?? { x: 0, y: 0 })
  const added = addNode(draft, "output", spot)
  return {
    label: "Add an output",
    draft: connect(added.draft, { source: leaf.id, target: added.id, source_handle: way[0]!.id }),
  }
}

function fixOfNode(draft: FlowDraft, finding: Finding, node: FlowNode): Fix | null {
  switch (finding.code) {
    case "flow.second_input":
      return { label: "Remove this input", draft: removed(draft, node) }
    case "node.unknown_kind":
      return { label: "Remove the node", draft: removed(draft, node) }
    case "node.data":
      return withoutStrays(draft, node, finding)
    case "node.no_error_route":
      return { label: "Let it fail", draft: setField(draft, node.id, "on_error", undefined) }
    case "merge.too_many":
      return { label: "Wait for all", draft: setField(draft, node.id, "mode", "all") }
    case "parent.unknown":
    case "parent.not_container":
    case "parent.circle":
      return { label: "Take it out", draft: orphaned(draft, node) }
    case "node.input_inside":
      return { label: "Take it out", draft: moveInto(draft, new Set([node.id]), undefined).draft }
    case "expression.out_of_scope":
      return withReference(draft, node, finding, (id) => nestingOf(draft.nodes).holders(id).at(-1)?.id)
    case "expression.unknown_node":
      return withReference(draft, node, finding, (id) => likeliest(draft, node, id))
    default:
      return null
  }
}

const removed = (draft: FlowDraft, { id }: FlowNode): FlowDraft =>
  removeElements(draft, new Set([id]), new Set())

const orphaned = (draft: FlowDraft, { id }: FlowNode): FlowDraft => ({
  ...draft,
  nodes: draft.nodes.map((node) => (node.id === id ? withParent(node, undefined) : node)),
})

/** Fields that the kind does not have, such as an older version of it had. */
function withoutStrays(draft: FlowDraft, node: FlowNode, { path }: Finding): Fix | null {
  const parsed = kindOf(node.type)?.data.safeParse(node.data)
  const issue = parsed?.error?.issues.find(
    (one) => one.code === "unrecognized_keys" && one.path.join(".") === (path ?? ""),
  )
  if (issue?.code !== "unrecognized_keys") return null
  const keys = issue.keys
  const next = keys.reduce(
    (now, key) => setField(now, node.id, [...issue.path.map(String), key].join("."), undefined),
    draft,
  )
  return { label: keys.length === 1 ? `Remove ${keys[0]}` : "Remove these fields", draft: next }
}

/** The same expression with the node that it names replaced by the one that it can mean. */
function withReference(
  draft: FlowDraft,
  node: FlowNode,
  { path, message }: Finding,
  meant: (id: string) => string | undefined,
): Fix | null {
  const field = kindOf(node.type)
    ?.expressions(node.data)
    .find((one) => one.path === path)
  if (!field || path === undefined) return null
  const named = nodeReferences(fieldTokens(field.text, field.bare)).map(({ id }) => id)
  const wrong = named.find((id) => message.includes(`nodes.${id} `) || message.includes(`nodes.${id},`))
  const right = wrong === undefined ? undefined : meant(wrong)
  if (wrong === undefined || right === undefined) return null
  const text = renameInText(field.text, field.bare, new Map([[wrong, right]]))
  return { label: `Use nodes.${right}`, draft: setField(draft, node.id, path, text) }
}

/** A slip of the hand is one letter or two; where two nodes are as near, nobody knows. */
const mostSlips = 2

function likeliest(draft: FlowDraft, self: FlowNode, id: string): string | undefined {
  const near = draft.nodes
    .filter((node) => node.id !== self.id && kindOf(node.type)?.act !== "none")
    .map((node) => ({ id: node.id, far: distance(node.id.toLowerCase(), id.toLowerCase()) }))
    .filter(({ far }) => far <= mostSlips && far < id.length / 2)
    .toSorted((one, other) => one.far - other.far)
  return near.length > 0 && near[0]!.far !== near[1]?.far ? near[0]!.id : undefined
}

/** How many letters have to be put in, left out or changed. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, i) => i)
  for (let i = 1; i <= one.length; i++) {
    const next = [i]
    for (let k = 1; k <= other.length; k++)
      next.push(Math.min(row[k]! + 1, next[k - 1]! + 1, row[k - 1]! + (one[i - 1] === other[k - 1] ? 0 : 1)))
    row = next
  }
  return row.at(-1)!
}
