import * as Y from "yjs"
import type { Canvas } from "#core/canvas/canvas"
import { deltaBetween } from "#core/canvas/delta"
import { canvasFault, type CanvasFault } from "#core/canvas/faults"
import {
  partsOf,
  type Delta,
  type Operation,
  type OperationOf,
  type SingleOperation,
} from "#core/canvas/operation"
import type { CanvasStore, TextRow } from "./store.ts"

type TextOperation = OperationOf<"text">
type Open = { doc: Y.Doc; node: string; field: string; epoch: number; isDirty: boolean }

/** Where the text stands in each of these documents. */
const name = "text"
/** A document keeps traces of what was deleted; one that has grown to this is begun anew. */
const mostStateBytes = 1_000_000

/** The long texts that people write in together: one small Yjs document for each field that somebody has opened. */
export class Texts {
  private readonly open = new Map<string, Open>()
  private readonly store: CanvasStore
  private readonly lost: Open[] = []

  constructor(store: CanvasStore) {
    this.store = store
    for (const row of store.hasBegun ? store.texts() : []) {
      const doc = new Y.Doc()
      Y.applyUpdate(doc, row.state)
      this.open.set(keyOf(row.node, row.field), { ...row, doc, isDirty: false })
    }
  }

  /** What the log tells of texts since they were kept; called once for each of its operations, in their order. */
  replay(operation: Operation): void {
    for (const part of partsOf(operation)) {
      if (part.type !== "text") continue
      const open = this.open.get(keyOf(part.node, part.field))
      if (open?.epoch === part.epoch) Y.applyUpdate(open.doc, part.update)
    }
  }

  /** The document of a field, begun with what stands in it now; undefined when the node is gone or holds no text there. */
  begin({ nodes }: Canvas, node: string, field: string): { epoch: number; state: Uint8Array } | undefined {
    const holder = nodes.get(node)
    const value = holder?.data[field] ?? ""
    if (!holder || typeof value !== "string") return undefined
    const known = this.open.get(keyOf(node, field))
    const open = known ?? this.made(node, field, value)
    return { epoch: open.epoch, state: Y.encodeStateAsUpdate(open.doc) }
  }

  private made(node: string, field: string, value: string): Open {
    const doc = new Y.Doc()
    doc.getText(name).insert(0, value)
    const open: Open = { doc, node, field, epoch: this.store.nextEpoch(), isDirty: true }
    this.open.set(keyOf(node, field), open)
    // Those who are sent it build on it: it must be the same after a crash.
    this.store.saveDocument(rowOf(open, this.store.marks().seq))
    return open
  }

  /** Merges what somebody wrote, and says what that changes in the text; or why it cannot be merged. */
  merge(operation: TextOperation): TextOperation | CanvasFault {
    const open = this.open.get(keyOf(operation.node, operation.field))
    if (open?.epoch !== operation.epoch) return canvasFault("canvas.text_stale")
    const delta: Delta = []
    const text = open.doc.getText(name)
    const note = (event: Y.YTextEvent): void => {
      for (const { retain, insert, delete: gone } of event.delta) {
        if (retain !== undefined) delta.push(retain)
        if (gone !== undefined) delta.push(-gone)
        if (typeof insert === "string") delta.push(insert)
      }
    }
    text.observe(note)
    try {
      Y.applyUpdate(open.doc, operation.update)
    } catch {
      return canvasFault("canvas.malformed", "This change of a text could not be read.")
    } finally {
      text.unobserve(note)
    }
    open.isDirty = true
    return { ...operation, delta }
  }

  /** What those who have a text open must be told when an edit wrote all of it anew, or took its node away. */
  follow({ nodes }: Canvas, operation: Operation): SingleOperation[] {
    if (this.open.size === 0) return []
    const told: SingleOperation[] = []
    for (const part of partsOf(operation)) {
      if (part.type === "remove") this.dropLost(nodes)
      if (part.type !== "set" || !part.field.startsWith("data.")) continue
      const field = part.field.slice("data.".length)
      const open = this.open.get(keyOf(part.node, field))
      const value = nodes.get(part.node)?.data[field] ?? ""
      if (!open) continue
      if (typeof value !== "string") this.drop(open)
      else told.push(...this.rewritten(open, value))
    }
    return told
  }

  private rewritten(open: Open, value: string): SingleOperation[] {
    const text = open.doc.getText(name)
    const delta = deltaBetween(text.toJSON(), value)
    if (delta.length === 0) return []
    const before = Y.encodeStateVector(open.doc)
    open.doc.transact(() => text.applyDelta(delta.map(inYjs)))
    open.isDirty = true
    const update = Y.encodeStateAsUpdate(open.doc, before).slice()
    return [{ type: "text", node: open.node, field: open.field, epoch: open.epoch, update, delta: [] }]
  }

  private dropLost(nodes: Canvas["nodes"]): void {
    for (const open of this.open.values()) if (!nodes.has(open.node)) this.drop(open)
  }

  private drop(open: Open): void {
    this.open.delete(keyOf(open.node, open.field))
    this.lost.push(open)
    open.doc.destroy()
  }

  /** Forgets what is gone, in the same transaction as the edits that took it away. */
  settle(): void {
    for (const { node, field, epoch } of this.lost.splice(0)) this.store.dropDocument(node, field, epoch)
  }

  /** What is to be kept with a snapshot. One that has grown too large is begun anew when it is opened again. */
  rows(seq: number): TextRow[] {
    const rows: TextRow[] = []
    for (const open of this.open.values()) {
      if (!open.isDirty) continue
      const row = rowOf(open, seq)
      open.isDirty = false
      if (row.state.length > mostStateBytes) this.drop(open)
      else rows.push(row)
    }
    return rows
  }
}

const keyOf = (node: string, field: string): string => `${node} ${field}`

const rowOf = ({ node, field, epoch, doc }: Open, seq: number): TextRow => ({
  node,
  field,
  epoch,
  seq,
  state: Y.encodeStateAsUpdate(doc),
})

const inYjs = (part: Delta[number]): { insert: string } | { delete: number } | { retain: number } =>
  typeof part === "string" ? { insert: part } : part < 0 ? { delete: -part } : { retain: part }
