import type { FlowDraft } from "#core/contract/flows"
import type { Finding, FlowNode } from "#core/flow/graph"
import type { JsonObject } from "#core/json"
import { atom, type Atom } from "#web/state/jotai.ts"
import type { Point } from "#web/flow/geometry.ts"
import { nestingOf, sizeToHold } from "#web/flow/nesting.ts"
import type { Mark } from "#web/flow/node-card.tsx"
import type { SaveState } from "./model/autosave.ts"
import { begin, canRedo, canUndo, type History } from "./model/history.ts"
import type { ServerFindings } from "./model/server-findings.ts"

/** The state of one open editor. The page gives each flow a store of its own, so these never meet another flow's. */
const emptyDraft: FlowDraft = { name: "", description: "", nodes: [], edges: [], settings: {} }

export const historyAtom = atom<History<FlowDraft>>(begin(emptyDraft))
export const draftAtom = atom((get) => get(historyAtom).present)
export const canUndoAtom = atom((get) => canUndo(get(historyAtom)))
export const canRedoAtom = atom((get) => canRedo(get(historyAtom)))

export const nameAtom = atom((get) => get(draftAtom).name)
export const nodesAtom = atom((get) => get(draftAtom).nodes)
export const isEmptyAtom = atom((get) => get(nodesAtom).length === 0)
export const edgesAtom = atom((get) => get(draftAtom).edges)
const nodesByIdAtom = atom((get) => new Map(get(nodesAtom).map((node) => [node.id, node])))
const edgesByIdAtom = atom((get) => new Map(get(edgesAtom).map((edge) => [edge.id, edge])))

/** One atom for each key, made when it is first asked for. */
function family<T>(make: (key: string) => Atom<T>): (key: string) => Atom<T> {
  const made = new Map<string, Atom<T>>()
  return (key) => {
    const one = made.get(key) ?? make(key)
    made.set(key, one)
    return one
  }
}

/** One node each: a component that reads it renders again only when that node changed. */
export const nodeAtom = family<FlowNode | undefined>((id) => atom((get) => get(nodesByIdAtom).get(id)))
export const edgeAtom = family((id) => atom((get) => get(edgesByIdAtom).get(id)))

const nestingAtom = atom((get) => nestingOf(get(nodesAtom)))
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

/** The frame or edge that what is in the hand would be put into. */
export type DropTarget = { is: "frame" | "edge"; id: string }
export const dropTargetAtom = atom<DropTarget | null>(null)
export const isTargetAtom = family((id) => atom((get) => get(dropTargetAtom)?.id === id))

/** Where a list of kinds stands open: at the end of an edge that was drawn into the open, or on an edge. */
export type Inserting =
  | { screen: Point; at: Point; from: { source: string; source_handle: string } }
  | { screen: Point; edge: string }
export const insertingAtom = atom<Inserting | null>(null)

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
/** What only the server can know, as it was said last. */
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

/** What is wrong with an edge, in one word for its colour. */
export const edgeSeverityAtom = family((id) =>
  atom((get) => bySeverity(get(groupedFindingsAtom).edges.get(id) ?? none)?.severity),
)
export const edgeSentenceAtom = family((id) =>
  atom((get) => sentence(get(groupedFindingsAtom).edges.get(id) ?? none)),
)

export const saveStateAtom = atom<SaveState>({ is: "saved", at: 0 })

/** A conflict may be put off, to look at one's own changes first. */
export const conflictPutOffAtom = atom(false)

/** What stands beside the canvas. */
export type Side = "panel" | "start" | "versions"
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

/** What is in which map or loop, as one text: it stays the same while nodes are moved and written in. */
export const structureAtom = atom((get) =>
  get(nodesAtom)
    .map(({ id, type, parent_id: parent }) => `${id} ${type} ${parent ?? ""}`)
    .join("\n"),
)
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
export const isPublishedAtom = atom((get) => get(publishedAtom).draft === get(draftAtom))
