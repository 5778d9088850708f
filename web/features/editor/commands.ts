import type { FlowDraft } from "#core/contract/flows"
import { kindOf } from "#core/flow/kinds"
import type { Json } from "#core/json"
import { handlesOf } from "#web/flow/geometry.ts"
import type { createStore } from "#web/state/jotai.ts"
import { draftAtom, historyAtom, nothing, selectionAtom, sideAtom } from "./atoms.ts"
import { copyOf, fromText, paste, toText } from "./model/clipboard.ts"
import {
  addNode,
  connect,
  moveNodes,
  nodeIdsOf,
  removeElements,
  setBranches,
  setField,
  setLabel,
  whyNotConnect,
  type Branch,
  type Connection,
  type Point,
} from "./model/document.ts"
import { change, redo, undo } from "./model/history.ts"
import { freeSpot, gridStep, spotAfter } from "./model/placement.ts"
import { renameNode } from "./model/rename.ts"

export type Store = ReturnType<typeof createStore>
export type Commands = ReturnType<typeof editorCommands>

/** Everything that a person does to the flow, by mouse, key or panel: each is one step of the history. */
export function editorCommands(store: Store) {
  const desk = deskOf(store)
  return {
    ...selectionCommands(desk),
    ...historyCommands(desk),
    ...graphCommands(desk),
    ...fieldCommands(desk),
    ...copyCommands(desk),
  }
}

/** What all commands work on: the draft, the selection, and the one way to change the draft. */
function deskOf(store: Store) {
  return {
    store,
    draft: () => store.get(draftAtom),
    selection: () => store.get(selectionAtom),
    select: (nodes: Iterable<string>, edges: Iterable<string> = []): void => {
      store.set(selectionAtom, { nodes: new Set(nodes), edges: new Set(edges) })
    },
    /** A new draft is one step; those that follow soon with the same tag join it. */
    apply: (next: FlowDraft, tag?: string): void => {
      const about = { at: performance.now(), ...(tag === undefined ? {} : { tag }) }
      store.set(historyAtom, change(store.get(historyAtom), next, about))
    },
  }
}
type Desk = ReturnType<typeof deskOf>

const selectionCommands = ({ store, draft, select }: Desk) => ({
  select,
  clearSelection: () => store.set(selectionAtom, nothing),
  selectAll: () => select(nodeIdsOf(draft())),
})

function historyCommands({ store, draft, selection, select }: Desk) {
  /** What is selected may be gone after a step back or forth. */
  const travel = (way: typeof undo) => {
    store.set(historyAtom, way(store.get(historyAtom)))
    const ids = nodeIdsOf(draft())
    const edgeIds = new Set(draft().edges.map((edge) => edge.id))
    const { nodes, edges } = selection()
    select(
      [...nodes].filter((id) => ids.has(id)),
      [...edges].filter((id) => edgeIds.has(id)),
    )
  }
  return { undo: () => travel(undo), redo: () => travel(redo) }
}

function graphCommands({ store, draft, selection, select, apply }: Desk) {
  const remove = (nodes: Iterable<string>, edges: Iterable<string> = []) => {
    apply(removeElements(draft(), new Set(nodes), new Set(edges)))
    store.set(selectionAtom, nothing)
  }
  return {
    /** Adds a node at a point; or after the one selected node and joined to it, or else in the middle of the view. */
    add(type: string, where: { at: Point } | { middle: Point }): string {
      const [only, ...others] = "at" in where ? [] : selection().nodes
      const after = only !== undefined && others.length === 0 ? spotAfter(draft(), only) : null
      const spot = after ?? freeSpot(draft(), "at" in where ? where.at : where.middle)
      const added = addNode(draft(), type, spot)
      const source = after && draft().nodes.find((node) => node.id === only)
      const handle = source && handlesOf(source)[0]
      const joins = source && handle && kindOf(type)?.takesInput !== false
      apply(
        joins
          ? connect(added.draft, { source: source.id, target: added.id, source_handle: handle.id })
          : added.draft,
      )
      select([added.id])
      store.set(sideAtom, "panel")
      return added.id
    },

    /** The shortest flow that does something, in one step. */
    begin(): void {
      let next = draft()
      let before: string | null = null
      for (const type of ["input", "llm", "output"]) {
        const spot: Point | null = before === null ? { x: 0, y: 0 } : spotAfter(next, before)
        const added = addNode(next, type, spot ?? { x: 0, y: 0 })
        next = before === null ? added.draft : connect(added.draft, { source: before, target: added.id })
        before = added.id
      }
      apply(next)
    },

    /** Adds a node where an edge was drawn into the open, and joins the two. */
    addFrom(type: string, from: Omit<Connection, "target">, at: Point): string {
      const added = addNode(draft(), type, freeSpot(draft(), at))
      apply(connect(added.draft, { ...from, target: added.id }))
      select([added.id])
      return added.id
    },

    remove,
    removeSelected(): void {
      const { nodes, edges } = selection()
      if (nodes.size + edges.size > 0) remove(nodes, edges)
    },

    move: (to: ReadonlyMap<string, Point>) => apply(moveNodes(draft(), to)),

    /** Moves the selected nodes; presses that follow each other undo together. */
    nudge(by: Point): void {
      const chosen = draft().nodes.filter((node) => selection().nodes.has(node.id))
      const to = chosen.map(({ id, position }): [string, Point] => [
        id,
        { x: position.x + by.x, y: position.y + by.y },
      ])
      if (to.length > 0) apply(moveNodes(draft(), new Map(to)), "nudge")
    },

    connect: (wanted: Connection) => apply(connect(draft(), wanted)),
    whyNotConnect: (wanted: Connection) => whyNotConnect(draft(), wanted),

    /** The whole draft at once, such as an earlier version; it can be undone. */
    replace(next: FlowDraft): void {
      apply(next)
      store.set(selectionAtom, nothing)
    },
  }
}

const fieldCommands = ({ draft, selection, select, apply }: Desk) => ({
  setField: (id: string, path: string, value: Json | undefined) =>
    apply(setField(draft(), id, path, value), `${id}.${path}`),
  setLabel: (id: string, label: string) => apply(setLabel(draft(), id, label), `${id} label`),
  setBranches: (id: string, branches: readonly Branch[], renamed?: ReadonlyMap<string, string>) =>
    apply(setBranches(draft(), id, branches, renamed), `${id}.branches.${branches.length}`),

  rename(id: string, to: string): void {
    const isOpen = selection().nodes.has(id)
    apply(renameNode(draft(), id, to))
    if (isOpen && nodeIdsOf(draft()).has(to)) select([to])
  },

  /** Changes the flow itself: its name, schemas, settings. */
  setFlow(part: Partial<Omit<FlowDraft, "nodes" | "edges">>): void {
    const next = { ...draft(), ...part }
    for (const key of ["input_schema", "output_schema"] as const)
      if (next[key] === undefined) delete next[key]
    apply(next, `flow ${Object.keys(part).join(" ")}`)
  },
})

const copyShift = 3 * gridStep

/** A little beside the original, and beside the copies that lie there already. */
function besideOthers(draft: FlowDraft, { x, y }: Point): Point {
  const isTaken = (by: number) =>
    draft.nodes.some(({ position }) => position.x === x + by && position.y === y + by)
  let by = copyShift
  while (isTaken(by)) by += copyShift
  return { x: x + by, y: y + by }
}

function copyCommands({ draft, selection, select, apply }: Desk) {
  const copied = (): string | null => {
    const { nodes } = selection()
    return nodes.size === 0 ? null : toText(copyOf(draft(), nodes))
  }
  /** Pastes what was copied, its upper left corner at the point, or a little beside the original; false when it is something else. */
  const insert = (text: string, at: Point | null): boolean => {
    const fragment = fromText(text)
    if (!fragment) return false
    const left = Math.min(...fragment.nodes.map((node) => node.position.x))
    const top = Math.min(...fragment.nodes.map((node) => node.position.y))
    const pasted = paste(draft(), fragment, at ?? besideOthers(draft(), { x: left, y: top }))
    apply(pasted.draft)
    select(pasted.nodeIds)
    return true
  }
  return {
    copied,
    paste: insert,
    duplicate(): void {
      const text = copied()
      if (text !== null) insert(text, null)
    },
  }
}
