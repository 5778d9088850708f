import { examine, type ExaminedItem } from "#core/builder/examine"
import { nodesOf, type Proposed, type ProposedOperation } from "#core/builder/operation"
import type { FlowDraft } from "#core/contract/flows"
import { compareGraphs } from "#core/flow/compare"
import type { Finding, FlowNode } from "#core/flow/graph"
import { kindOf } from "#core/flow/kinds"
import type { Json } from "#core/json"
import type { Change } from "#web/flow/change-mark.tsx"
import { titleOf } from "#web/flow/node-card.tsx"
import { drawComparison, type DrawnComparison } from "../versions/drawn-comparison.ts"
import { placed } from "./place.ts"

/** One proposed change as it is looked at. */
export type ReviewItem = ExaminedItem & {
  /** What it does, by the mark that the canvas gives it. */
  change: Change
  title: string
  more: string
  /** The nodes that it is about, to be shown. */
  nodes: string[]
  /** What it writes: by field, before and after. */
  fields: { path: string; from: Json | undefined; to: Json | undefined }[]
}

/** A proposal against the draft as it is now. */
export type Review = {
  items: ReviewItem[]
  /** The draft with everything that is included, each new node in its place. */
  after: FlowDraft
  drawn: DrawnComparison
  /** What would be wrong, and comes of no single change. */
  findings: Finding[]
  included: number[]
}

export function reviewOf(
  draft: FlowDraft,
  proposed: readonly Proposed[],
  refused: ReadonlySet<number>,
  known: ReadonlySet<string>,
): Review {
  const { items, draft: made, findings } = examine(draft, proposed, { refused, known })
  const after = placed(draft, { ...draft, ...made })
  const drawn = drawComparison(after, compareGraphs(draft, after))
  const titles = titlesOf(draft, after, proposed)
  return {
    items: items.map((item, i) => ({ ...item, ...saidOf(proposed[i]!, draft, titles) })),
    after,
    drawn,
    findings,
    included: items.flatMap(({ is }, i) => (is === "included" ? [i] : [])),
  }
}

/** How nodes are called: as they are now, and new ones as they would be, whether or not they are accepted. */
function titlesOf(draft: FlowDraft, after: FlowDraft, proposed: readonly Proposed[]): (id: string) => string {
  const nodes = new Map<string, Pick<FlowNode, "id" | "type" | "label">>()
  for (const { operation } of proposed)
    if (operation?.op === "add_node")
      nodes.set(operation.id, {
        id: operation.id,
        type: operation.kind,
        ...(operation.label ? { label: operation.label } : {}),
      })
  for (const node of [...after.nodes, ...draft.nodes]) nodes.set(node.id, node)
  return (id) => {
    const node = nodes.get(id)
    return node ? titleOf(node) : id
  }
}

type Said = Pick<ReviewItem, "change" | "title" | "more" | "nodes" | "fields">

function saidOf({ operation, said }: Proposed, draft: FlowDraft, title: (id: string) => string): Said {
  if (!operation)
    return {
      change: "changed",
      title: "A change that cannot be read",
      more: said ?? "",
      nodes: [],
      fields: [],
    }
  return {
    ...wordsOf(operation, draft, title),
    nodes: nodesOf(operation),
    fields: fieldsOf(operation, draft),
  }
}

function wordsOf(
  operation: ProposedOperation,
  draft: FlowDraft,
  title: (id: string) => string,
): Pick<Said, "change" | "title" | "more"> {
  const by = (route: string | undefined): string =>
    route === undefined || route === "out" ? "" : ` by ${route}`
  switch (operation.op) {
    case "add_node": {
      const kind = kindOf(operation.kind)?.title ?? operation.kind
      const inside = operation.inside === undefined ? "" : ` · inside ${title(operation.inside)}`
      return { change: "added", title: `Add ${title(operation.id)}`, more: `${kind}${inside}` }
    }
    case "connect":
    case "disconnect": {
      const ends = `${title(operation.from)} → ${title(operation.to)}`
      const isNew = operation.op === "connect"
      return {
        change: isNew ? "added" : "removed",
        title: `${isNew ? "Connect" : "Disconnect"} ${ends}`,
        more: `Edge${by(operation.route)}`,
      }
    }
    case "set":
      return {
        change: "changed",
        title: `Change ${title(operation.node)}`,
        more: operation.field.replace(/^data\./, ""),
      }
    case "rename":
      return { change: "changed", title: `Rename ${title(operation.node)}`, more: `to ${operation.label}` }
    case "remove":
      return { change: "removed", title: `Remove ${title(operation.node)}`, more: "with its edges" }
    case "move":
      return { change: "moved", title: `Move ${title(operation.node)}`, more: "" }
    case "put_inside": {
      const into = operation.inside === null ? "out of its frame" : `into ${title(operation.inside)}`
      return { change: "moved", title: `Put ${title(operation.node)} ${into}`, more: "" }
    }
    case "set_flow":
      return {
        change: "changed",
        title: `Change the flow’s ${operation.field.replace("_", " ")}`,
        more: draft.name,
      }
    default:
      return operation satisfies never
  }
}

function fieldsOf(operation: ProposedOperation, draft: FlowDraft): Said["fields"] {
  if (operation.op === "add_node")
    return Object.entries(operation.data).map(([path, to]) => ({ path, from: undefined, to }))
  if (operation.op === "set_flow")
    return [{ path: operation.field, from: draft[operation.field], to: operation.value }]
  if (operation.op !== "set") return []
  const path = operation.field.replace(/^data\./, "")
  const node = draft.nodes.find(({ id }) => id === operation.node)
  return [{ path, from: valueAt(node?.data, path), to: operation.value }]
}

const valueAt = (data: Json | undefined, path: string): Json | undefined =>
  path.split(".").reduce<Json | undefined>((value, key) => {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined
    return (value as Record<string, Json>)[key]
  }, data)
