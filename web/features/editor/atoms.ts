import type { Thread } from "#core/canvas/comment"
import type { Person } from "#core/canvas/messages"
import type { FlowDraft } from "#core/contract/flows"
import type { Finding, FlowNode } from "#core/flow/graph"
import type { JsonObject } from "#core/json"
import { atom, type Atom } from "#web/state/jotai.ts"
import { foldingOf } from "#web/flow/folding.ts"
import type { Point } from "#web/flow/geometry.ts"
import { nestingOf, sizeToHold } from "#web/flow/nesting.ts"
import type { Mark } from "#web/flow/node-card.tsx"
import type { LiveState } from "./live/live-draft.ts"
import { isOnlyMoved, sameFields, sameStructure } from "./model/alike.ts"
import type { ServerFindings } from "./model/server-findings.ts"
import { isSameDraft } from "./model/share.ts"
import type { Route } from "./routing/routes.ts"

type FlowFields = Omit<FlowDraft, "nodes" | "edges">

/** The state of one open editor. The page gives each flow a store of its own, so these never meet another flow's. */
const emptyDraft: FlowDraft = { name: "", description: "", nodes: [], edges: [], settings: {} }

/**
 * The draft in its parts. jotai looks at all that hangs on an atom that has changed: a thousand edges are not looked at for a node
 * that was moved.
 */
const wholeAtom = atom<FlowDraft>(emptyDraft)
const nodesPartAtom = atom<FlowDraft["nodes"]>(emptyDraft.nodes)
const edgesPartAtom = atom<FlowDraft["edges"]>(emptyDraft.edges)
const fieldsPartAtom = atom<FlowFields>(emptyDraft)

/** The draft as it is shown. Commands change it; nobody else sets it but the live draft. */
export const draftAtom = atom(
  (get) => get(wholeAtom),
  (get, set, draft: FlowDraft) => {
    set(wholeAtom, draft)
    set(nodesPartAtom, draft.nodes)
    set(edgesPartAtom, draft.edges)
    const { nodes: _nodes, edges: _edges, ...fields } = draft
    if (!sameFields(get(fieldsPartAtom), fields)) set(fieldsPartAtom, fields)
  },
)
export const canUndoAtom = atom(false)
export const canRedoAtom = atom(false)
/** Whether the server takes this window's edits. */
export const isWritableAtom = atom(true)

/** What the draft says beside its nodes and edges. */
export const fieldsAtom = atom((get) => get(fieldsPartAtom))
export const nameAtom = atom((get) => get(fieldsAtom).name)
export const nodesAtom = atom((get) => get(nodesPartAtom))
export const isEmptyAtom = atom((get) => get(nodesAtom).length === 0)
export const edgesAtom = atom((get) => get(edgesPartAtom))
const edgesByIdAtom = atom((get) => new Map(get(edgesAtom).map((edge) => [edge.id, edge])))

/** One atom for each key, made when it is first asked for. */
export function family<T>(make: (key: string) => Atom<T>): (key: string) => Atom<T> {
  const made = new Map<string, Atom<T>>()
  return (key) => {
    const one = made.get(key) ?? make(key)
    made.set(key, one)
    return one
  }
}

const nestingAtom = atom((get) => nestingOf(get(nodesAtom)))

/** One node each: a component that reads it renders again only when that node changed. */
export const nodeAtom = family<FlowNode | undefined>((id) => atom((get) => get(nestingAtom).node(id)))
export const edgeAtom = family((id) => atom((get) => get(edgesByIdAtom).get(id)))
/** A node as its card shows it, wherever it stands: the same object while it is only moved. */
export const cardAtom = family<FlowNode | undefined>((id) => {
  let last: FlowNode | undefined
  return atom((get) => {
    const node = get(nodeAtom(id))
    if (!node || !last || !isOnlyMoved(last, node)) last = node
    return last
  })
})

/** Whether a frame holds nothing yet. */
export const isEmptyFrameAtom = family((id) => atom((get) => get(nestingAtom).children(id).length === 0))
/** The least that a frame needs for what is inside. */
const leastSizeAtom = family((id) =>
  atom((get) => {
    const node = get(nestingAtom).node(id)
    return node ? sizeToHold(node, get(nestingAtom).children(id)) : { width: 0, height: 0 }
  }),
)
export const leastWidthAtom = family((id) => atom((get) => get(leastSizeAtom(id)).width))
export const leastHeightAtom = family((id) => atom((get) => get(leastSizeAtom(id)).height))

/** Frames that this person looks at folded. */
export const foldedAtom = atom<ReadonlySet<string>>(new Set<string>())
export const foldingAtom = atom((get) => foldingOf(get(nodesAtom), get(foldedAtom)))
export const isFoldedAtom = family((id) => atom((get) => get(foldedAtom).has(id)))
/** How many nodes are inside a frame, at whatever depth. */
export const insideCountAtom = family((id) => atom((get) => get(nestingAtom).withInsides([id]).size - 1))

/** The frame or edge that what is in the hand would be put into. */
export type DropTarget = { is: "frame" | "edge"; id: string }
export const dropTargetAtom = atom<DropTarget | null>(null)
export const isTargetAtom = family((id) => atom((get) => get(dropTargetAtom)?.id === id))

/** Whether this person carries something: what can wait does. */
export const inHandAtom = atom(false)

/** Where a list of kinds stands open: at the end of an edge that was drawn into the open, or on an edge. */
export type Inserting =
  | { screen: Point; at: Point; from: { source: string; source_handle: string } }
  | { screen: Point; edge: string }
export const insertingAtom = atom<Inserting | null>(null)

/** An edge that is being drawn without a hand: where it begins, and the node that it would lead to. */
export type Joining = { source: string; handle: string; at: string | null }
export const joiningAtom = atom<Joining | null>(null)

/** Edges that are led around nodes. */
export const routesAtom = atom<ReadonlyMap<string, Route>>(new Map<string, Route>())
export const routeAtom = family((id) => atom((get) => get(routesAtom).get(id)))

/** Counts the times that nodes were brought into order: each glides. */
export const glidingAtom = atom(0)

/** What was done, for those who do not see it; each saying is its own, also when it is said twice. */
export const saidAtom = atom<{ words: string }>({ words: "" })

/** The note that is written in, on the canvas. */
export const writingNoteAtom = atom<string | null>(null)

/** The node that was added last, to be shown. */
export const addedAtom = atom<{ id: string } | null>(null)

/** Whether the sheet of shortcuts is open. */
export const shortcutsAtom = atom(false)

export type Selection = { nodes: ReadonlySet<string>; edges: ReadonlySet<string> }
export const nothing: Selection = { nodes: new Set(), edges: new Set() }
export const selectionAtom = atom<Selection>(nothing)

/** The one node that the panel shows, when exactly one is selected. */
export const shownNodeIdAtom = atom((get) => {
  const { nodes, edges } = get(selectionAtom)
  return nodes.size === 1 && edges.size === 0 ? [...nodes][0]! : null
})

/** What is wrong with the flow: by the rules that browser and server share, and what only the server can know. */
export const findingsAtom = atom<readonly Finding[]>([])
/** What the server found, as it was said last. */
export const serverFindingsAtom = atom<ServerFindings>({ of: emptyDraft, findings: [] })

const bySeverity = (list: readonly Finding[]): Finding | undefined =>
  list.find((one) => one.severity === "error") ?? list[0]

const groupedFindingsAtom = atom((get) => {
  const nodes = new Map<string, Finding[]>()
  const edges = new Map<string, Finding[]>()
  for (const finding of get(findingsAtom)) {
    const [groups, id] = finding.edge_id === undefined ? [nodes, finding.node_id] : [edges, finding.edge_id]
    if (id === undefined) continue
    const group = groups.get(id)
    if (group) group.push(finding)
    else groups.set(id, [finding])
  }
  return { nodes, edges }
})

const none: readonly Finding[] = []
export const nodeFindingsAtom = family((id) => atom((get) => get(groupedFindingsAtom).nodes.get(id) ?? none))

const sentence = (list: readonly Finding[]): string => list.map((one) => one.message).join(" ")

/** Split in two, so that a node renders again only when what its mark says has changed. */
const nodeSeverityAtom = family((id) => atom((get) => bySeverity(get(nodeFindingsAtom(id)))?.severity))
const nodeSentenceAtom = family((id) => atom((get) => sentence(get(nodeFindingsAtom(id)))))
export const nodeMarkAtom = family<Mark | undefined>((id) =>
  atom((get) => {
    const severity = get(nodeSeverityAtom(id))
    return severity && { severity, message: get(nodeSentenceAtom(id)) }
  }),
)

/** What is wrong with anything inside a frame, the worst first: what a folded frame shows of it. */
export const insideMarkAtom = family((id) =>
  atom((get): Mark | undefined => {
    const ids = [...get(nestingAtom).withInsides([id])]
    const found = ids.flatMap((one) => get(groupedFindingsAtom).nodes.get(one) ?? [])
    const worst = bySeverity(found)
    return worst && { severity: worst.severity, message: sentence(found) ?? worst.message }
  }),
)

/** What is wrong with an edge, in one word for its colour. */
export const edgeSeverityAtom = family((id) =>
  atom((get) => bySeverity(get(groupedFindingsAtom).edges.get(id) ?? none)?.severity),
)
export const edgeFindingsAtom = family((id) => atom((get) => get(groupedFindingsAtom).edges.get(id) ?? none))
export const edgeSentenceAtom = family((id) =>
  atom((get) => sentence(get(groupedFindingsAtom).edges.get(id) ?? none)),
)

/** Everybody else who has the flow open, window by window. */
export const othersAtom = atom<readonly Person[]>([])
/** The person whose pointer the view follows. */
export const followedAtom = atom<string | null>(null)
/** What others have selected, by window. */
export const theirSelectionsAtom = atom<ReadonlyMap<number, readonly string[]>>(new Map())
const holdersAtom = atom((get) => {
  const selections = get(theirSelectionsAtom)
  const holders = new Map<string, Person>()
  for (const person of get(othersAtom))
    for (const id of selections.get(person.client) ?? []) if (!holders.has(id)) holders.set(id, person)
  return holders
})
/** Somebody else who has a node selected. */
export const holderAtom = family((id) => atom((get) => get(holdersAtom).get(id)))

/** What people say about the flow. */
export const threadsAtom = atom<readonly Thread[]>([])

export const liveStateAtom = atom<LiveState>({ is: "saved", at: 0 })

/** On a phone: whether the panel of what is selected is open. */
export const editingAtom = atom(false)

/** What stands beside the canvas. */
export type Side = "panel" | "start" | "versions" | "comments" | "find" | "builder"
export const sideAtom = atom<Side>("panel")

/** The node after which an execution that is started from the form ends; null for the whole flow. */
export const startUntilAtom = atom<string | null>(null)

/** What the panel tells of a thing while an execution is watched: how it is set up, or what it did. */
export type PanelTab = "setup" | "result"
export const panelTabAtom = atom<PanelTab>("setup")

/** Outputs that are given instead of worked out when the draft is executed here, by node. Kept for this tab only. */
export const pinsAtom = atom<JsonObject>({})
export const pinAtom = family((id) =>
  atom((get) => (Object.hasOwn(get(pinsAtom), id) ? get(pinsAtom)[id] : undefined)),
)
export const isPinnedAtom = family((id) => atom((get) => get(pinAtom(id)) !== undefined))

/** The nodes as they were when something last went into a map or loop, or out: the same list while they are moved and written in. */
export const structureAtom = (() => {
  let last: readonly FlowNode[] = []
  return atom((get) => {
    const nodes = get(nodesAtom)
    if (!sameStructure(last, nodes)) last = nodes
    return last
  })
})()
/** The iteration of the watched execution that is looked at; empty for all together. */
export const chosenScopeAtom = atom("")

/** The execution that is watched in the editor. */
export const watchedIdAtom = atom<string | null>(null)

/** The published version, and the draft that equals it while nothing has changed since. */
export const publishedAtom = atom<{ version: number | null; draft: FlowDraft | null }>({
  version: null,
  draft: null,
})
/** Whether the draft is what was published last. */
export const isPublishedAtom = atom((get) => {
  const { draft } = get(publishedAtom)
  return draft !== null && isSameDraft(draft, get(draftAtom))
})
