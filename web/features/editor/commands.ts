import type { FlowDraft } from "#core/contract/flows"
import type { Json } from "#core/json"
import { kindOf } from "#core/flow/kinds"
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

type Store = ReturnType<typeof createStore>
export type Commands = ReturnType<typeof editorCommands>

const copyShift = 3 * gridStep

/** Everything that a person does to the flow, by mouse, key or panel: each is one step of the history. */
export function editorCommands(store: Store) {
  const draft = (): FlowDraft => store.get(draftAtom)
  const selection = () => store.get(selectionAtom)
  const select = (nodes: Iterable<string>, edges: Iterable<string> = []) =>
    store.set(selectionAtom, { nodes: new Set(nodes), edges: new Set(edges) })

  function apply(next: FlowDraft, tag?: string): void {
    const about = { at: performance.now(), ...(tag === undefined ? {} : { tag }) }
    store.set(historyAtom, change(store.get(historyAtom), next, about))
  }

  /** What is selected may be gone after a step back or forth. */
  function travel(way: typeof undo): void {
    store.set(historyAtom, way(store.get(historyAtom)))
    const ids = nodeIdsOf(draft())
    const edgeIds = new Set(draft().edges.map((edge) => edge.id))
    const { nodes, edges } = selection()
    select(
      [...nodes].filter((id) => ids.has(id)),
      [...edges].filter((id) => edgeIds.has(id)),
    )
  }

  function insert(text: string, at: (leftTop: Point) => Point): boolean {
    const fragment = fromText(text)
    if (!fragment) return false
    const left = Math.min(...fragment.nodes.map((node) => node.position.x))
    const top = Math.min(...fragment.nodes.map((node) => node.position.y))
    const pasted = paste(draft(), fragment, at({ x: left, y: top }))
    apply(pasted.draft)
    select(pasted.nodeIds)
    return true
  }

  return {
    select,
    clearSelection: () => store.set(selectionAtom, nothing),
    selectAll: () => select(nodeIdsOf(draft())),
    undo: () => travel(undo),
    redo: () => travel(redo),

    /** Adds a node at a point, or after the one selected node and joined to it, or at the given middle of the view. */
    add(type: string, where: { at: Point } | { middle: Point }): string {
      const [only, ...others] = "at" in where ? [] : selection().nodes
      const after = only !== undefined && others.length === 0 ? spotAfter(draft(), only) : null
      const spot = after ?? freeSpot(draft(), "at" in where ? where.at : where.middle)
      const added = addNode(draft(), type, spot)
      const source = after && draft().nodes.find((node) => node.id === only)
      const handle = source && handlesOf(source)[0]
      const joins = source && handle && kindOf(type)?.takesInput !== false
      apply(joins ? connect(added.draft, { source: source.id, target: added.id, source_handle: handle.id }) : added.draft)
      select([added.id])
      store.set(sideAtom, "panel")
      return added.id
    },

    /** Adds a node where an edge was drawn into the open, and joins the two. */
    addFrom(type: string, from: { source: string; source_handle?: string | undefined }, at: Point): string {
      const added = addNode(draft(), type, freeSpot(draft(), at))
      apply(connect(added.draft, { ...from, target: added.id }))
      select([added.id])
      return added.id
    },

    remove(nodes: Iterable<string>, edges: Iterable<string> = []): void {
      apply(removeElements(draft(), new Set(nodes), new Set(edges)))
      store.set(selectionAtom, nothing)
    },

    removeSelected(): void {
      const { nodes, edges } = selection()
      if (nodes.size + edges.size > 0) this.remove(nodes, edges)
    },

    move(to: ReadonlyMap<string, Point>): void {
      apply(moveNodes(draft(), to))
    },

    /** Moves the selected nodes; presses that follow each other undo together. */
    nudge(by: Point): void {
      const chosen = selection().nodes
      const to = new Map(
        draft()
          .nodes.filter((node) => chosen.has(node.id))
          .map((node) => [node.id, { x: node.position.x + by.x, y: node.position.y + by.y }]),
      )
      if (to.size > 0) apply(moveNodes(draft(), to), "nudge")
    },

    connect(wanted: Connection): void {
      apply(connect(draft(), wanted))
    },
    whyNotConnect: (wanted: Connection) => whyNotConnect(draft(), wanted),

    setField(id: string, path: string, value: Json | undefined): void {
      apply(setField(draft(), id, path, value), `${id}.${path}`)
    },
    setLabel(id: string, label: string): void {
      apply(setLabel(draft(), id, label), `${id} label`)
    },
    setBranches(id: string, branches: readonly Branch[], renamed?: ReadonlyMap<string, string>): void {
      apply(setBranches(draft(), id, branches, renamed), `${id}.branches.${branches.length}`)
    },
    rename(id: string, to: string): void {
      apply(renameNode(draft(), id, to))
      if (selection().nodes.has(id) && nodeIdsOf(draft()).has(to)) select([to])
    },

    /** Changes the flow itself: its name, schemas, settings. */
    setFlow(part: Partial<Omit<FlowDraft, "nodes" | "edges">>): void {
      const next = { ...draft(), ...part }
      for (const key of ["input_schema", "output_schema"] as const) if (next[key] === undefined) delete next[key]
      apply(next, `flow ${Object.keys(part).join(" ")}`)
    },

    /** The whole draft at once, such as an earlier version; it can be undone. */
    replace(next: FlowDraft): void {
      apply(next)
      store.set(selectionAtom, nothing)
    },

    copied: (): string | null => {
      const { nodes } = selection()
      return nodes.size === 0 ? null : toText(copyOf(draft(), nodes))
    },
    /** Pastes what was copied, its upper left corner at the point; false when the text is something else. */
    paste: (text: string, at: Point | null): boolean =>
      insert(text, (corner) => at ?? { x: corner.x + copyShift, y: corner.y + copyShift }),
    duplicate(): void {
      const text = this.copied()
      if (text !== null) insert(text, ({ x, y }) => ({ x: x + copyShift, y: y + copyShift }))
    },
  }
}
