import type { FlowDraft } from "#core/contract/flows"
import { kindOf } from "#core/flow/kinds"
import type { JsonObject } from "#core/json"
import { handlesOf, isFrame, sizeOf, type Point } from "#web/flow/geometry.ts"
import { nestingOf } from "#web/flow/nesting.ts"
import { addedAtom, editingAtom, foldedAtom, nothing, selectionAtom, sideAtom } from "../atoms.ts"
import {
  addNode,
  connect,
  moveNodes,
  reconnect,
  removeElements,
  setField,
  setLabel,
  whyNotConnect,
  type Connection,
} from "../model/document.ts"
import type { Fix } from "../model/fixes.ts"
import { settleInside } from "../model/frames.ts"
import { insertOnEdge } from "../model/insert.ts"
import { freeSpot, spotAfter, spotInside } from "../model/placement.ts"
import { startingData } from "../model/starting-data.ts"
import type { Desk } from "./desk.ts"

/** From a new node's corner to the point that the pointer means: the middle of a step, the bar of a frame. */
export const grip: Point = { x: 100, y: 28 }

const sizeOfNew = (type: string) => sizeOf({ type, data: startingData(type) })

/** Where a node is added: where it was dropped, or by a click, which falls back on the middle of the view. */
export type Where = { at: Point } | { middle: Point }

/** What a new node is filled with beyond what its kind begins with, such as the tool that it calls. */
export type Preset = { label: string; data: JsonObject }

function filled<Added extends { draft: FlowDraft; id: string }>(
  added: Added,
  preset: Preset | undefined,
): Added {
  if (!preset) return added
  const { id } = added
  const labelled = setLabel(added.draft, id, preset.label)
  const draft = Object.entries(preset.data).reduce(
    (now, [path, value]) => setField(now, id, path, value),
    labelled,
  )
  return { ...added, draft }
}

/** Adding nodes: by a click, a drop, the end of an edge, on an edge. */
export function addingCommands({ store, draft, selection, select, apply }: Desk) {
  const show = (id: string): string => {
    select([id])
    store.set(sideAtom, "panel")
    store.set(addedAtom, { id })
    store.set(editingAtom, true)
    return id
  }
  return {
    /** Adds a node where it is dropped; or into the one selected frame; or after the one selected node and joined to it. */
    add(type: string, where: Where, preset?: Preset): string {
      const [only, ...others] = "at" in where ? [] : selection().nodes
      const chosen = others.length === 0 ? draft().nodes.find((node) => node.id === only) : undefined
      const bare =
        "at" in where
          ? addDropped(draft(), type, where.at, store.get(foldedAtom))
          : chosen && isFrame(chosen)
            ? addInside(draft(), type, chosen.id)
            : chosen
              ? addAfter(draft(), type, chosen.id)
              : addNode(draft(), type, freeSpot(draft(), where.middle, undefined, sizeOfNew(type)))
      const added = filled(bare, preset)
      apply(settleInside(added.draft, [added.id]))
      return show(added.id)
    },

    /** The shortest flow that does something, in one step. */
    begin(): void {
      let next = draft()
      let before: string | null = null
      for (const type of ["input", "llm", "output"]) {
        const added: { draft: FlowDraft; id: string } =
          before === null ? addNode(next, type, { x: 0, y: 0 }) : addAfter(next, type, before)
        next = added.draft
        before = added.id
      }
      apply(next)
    },

    /** Adds a node where an edge was drawn into the open, and joins the two; inside the same map or loop. */
    addFrom(type: string, from: Omit<Connection, "target">, at: Point): string {
      const nesting = nestingOf(draft().nodes)
      const aimed = nesting.frameAt({ x: at.x + grip.x, y: at.y + grip.y }, store.get(foldedAtom))
      // Only a group may be entered: an edge does not cross the border of a map or loop.
      const isOpen = aimed?.type === "group" && nesting.holder(aimed.id) === nesting.holder(from.source)
      const frame = isOpen ? aimed : nesting.parent(from.source)
      const added = addAt(draft(), type, at, frame?.id)
      apply(settleInside(connect(added.draft, { ...from, target: added.id }), [added.id]))
      return show(added.id)
    },

    /** Puts a node on an edge; null when that kind cannot stand there. */
    insert(type: string, edgeId: string, preset?: Preset): string | null {
      const added = insertOnEdge(draft(), edgeId, type)
      if (!added) return null
      apply(filled(added, preset).draft)
      return show(added.id)
    },
  }
}

/** Joining, moving and removing. */
export function graphCommands({ store, draft, selection, apply }: Desk) {
  const remove = (nodes: Iterable<string>, edges: Iterable<string> = []) => {
    apply(removeElements(draft(), new Set(nodes), new Set(edges)))
    store.set(selectionAtom, nothing)
  }
  return {
    remove,
    removeSelected(): void {
      const { nodes, edges } = selection()
      if (nodes.size + edges.size > 0) remove(nodes, edges)
    },

    move: (to: ReadonlyMap<string, Point>) => apply(moveNodes(draft(), to)),

    /** Moves the selected nodes; presses that follow each other undo together. */
    nudge(by: Point): void {
      const to = nestingOf(draft().nodes)
        .outermost(selection().nodes)
        .map(({ id, position }): [string, Point] => [id, { x: position.x + by.x, y: position.y + by.y }])
      if (to.length === 0) return
      const moved = new Map(to)
      apply(settleInside(moveNodes(draft(), moved), moved.keys()), "nudge")
    },

    /** What mends a finding, as it was worked out from the draft. */
    mend: (fix: Fix) => apply(fix.draft),

    connect: (wanted: Connection) => apply(connect(draft(), wanted)),
    reconnect: (edgeId: string, wanted: Connection) => apply(reconnect(draft(), edgeId, wanted)),
    whyNotConnect: (wanted: Connection, instead?: string) => whyNotConnect(draft(), wanted, instead),

    /** The whole draft at once, such as an earlier version; it can be undone. */
    replace(next: FlowDraft): void {
      apply(next)
      store.set(selectionAtom, nothing)
    },
  }
}

/** Adds a node at a place on the canvas, in a frame or in none. */
function addAt(draft: FlowDraft, type: string, at: Point, frameId: string | undefined) {
  const origin = frameId === undefined ? { x: 0, y: 0 } : nestingOf(draft.nodes).place(frameId)
  const wanted = { x: at.x - origin.x, y: at.y - origin.y }
  return addNode(draft, type, freeSpot(draft, wanted, frameId, sizeOfNew(type)), frameId)
}

function addDropped(draft: FlowDraft, type: string, at: Point, folded: ReadonlySet<string>) {
  const frame = nestingOf(draft.nodes).frameAt({ x: at.x + grip.x, y: at.y + grip.y }, folded)
  return addAt(draft, type, at, frame?.id)
}

const addInside = (draft: FlowDraft, type: string, frameId: string) =>
  addNode(draft, type, spotInside(draft, frameId, sizeOfNew(type)), frameId)

function addAfter(draft: FlowDraft, type: string, id: string) {
  const nesting = nestingOf(draft.nodes)
  const spot = spotAfter(draft, id, sizeOfNew(type)) ?? { x: 0, y: 0 }
  const added = addNode(draft, type, spot, nesting.parent(id)?.id)
  const source = nesting.node(id)
  const handle = source && handlesOf(source)[0]
  if (!handle || kindOf(type)?.takesInput === false) return added
  return {
    ...added,
    draft: connect(added.draft, { source: id, target: added.id, source_handle: handle.id }),
  }
}
