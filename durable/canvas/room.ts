import { apply } from "#core/canvas/apply"
import { Malformed, Reader, Writer } from "#core/canvas/bytes"
import { canvasOf, stateOf, type Canvas } from "#core/canvas/canvas"
import { refusal } from "#core/canvas/check"
import { readOperation } from "#core/canvas/codec"
import { canvasFault, type CanvasFault } from "#core/canvas/faults"
import { writeTold } from "#core/canvas/frame"
import { Operation, partsOf, withoutDelta } from "#core/canvas/operation"
import { Refs } from "#core/canvas/refs"
import type { Snapshot } from "#core/canvas/talk"
import type { CanvasStore } from "./store.ts"
import { Texts } from "./texts.ts"

/** Whose edit it is: a window's number and its edit's; both 0 for what no window did. */
export type Author = { client: number; counter: number; by: string }

/** Edits that have their places and are not written down yet: nobody has been told of them. */
type Unwritten = {
  first: number
  edits: Writer
  counters: Map<number, number>
  refused: Map<number, number[]>
}

/** A row of the log holds two million bytes at most. */
const mostRowBytes = 1_000_000
const leastSnapshotEdits = 400
const leastSnapshotBytes = 4_096
/** A log of so many bytes takes long to read, whatever it holds. */
const mostLogBytes = 1_048_576

/** The document with its order: the one place where edits are checked, given their places and written down. */
export class Room {
  readonly canvas: Canvas
  readonly texts: Texts
  refs: Refs
  seq: number
  private readonly store: CanvasStore
  private readonly opaque: Set<string>
  private readonly now: () => number
  private unwritten: Unwritten
  private written: { first: number; last: number; bytes: Uint8Array }[] = []
  private grown = { edits: 0, bytes: 0 }
  private snapshotBytes: number

  constructor(store: CanvasStore, now: () => number) {
    this.store = store
    this.now = now
    const text = store.text("snapshot")
    const { seq, ids, state } = JSON.parse(text) as Snapshot
    this.snapshotBytes = text.length
    this.canvas = canvasOf(state)
    this.refs = new Refs(ids)
    this.texts = new Texts(store)
    this.seq = seq
    for (const operation of operationsAfter(store, seq, this.refs)) {
      apply(this.canvas, operation)
      this.texts.replay(operation)
      this.seq++
    }
    this.opaque = new Set([...this.canvas.nodes.values()].map(({ type }) => type))
    this.unwritten = this.none()
  }

  private none(): Unwritten {
    return { first: this.seq + 1, edits: new Writer(), counters: new Map(), refused: new Map() }
  }

  /** Takes an edit as somebody sent it; a fault says why not. Either way its window has come so far. */
  take(given: unknown, author: Author, mayEdit: boolean): CanvasFault | undefined {
    const { client, counter } = author
    if (client !== 0) this.unwritten.counters.set(client, counter)
    const fault = this.taken(given, author, mayEdit)
    if (!fault || client === 0) return fault
    const { refused } = this.unwritten
    refused.set(client, [...(refused.get(client) ?? []), counter])
    return fault
  }

  private taken(given: unknown, author: Author, mayEdit: boolean): CanvasFault | undefined {
    if (!mayEdit) return canvasFault("canvas.read_only")
    const parsed = given === undefined ? undefined : Operation.safeParse(given)
    if (!parsed?.success) {
      const [issue] = parsed?.error.issues ?? []
      return canvasFault("canvas.malformed", issue && `${issue.path.join(".")}: ${issue.message}`)
    }
    const operation = this.stamped(parsed.data, author.by)
    const fault = refusal(this.canvas, operation, this.opaque)
    if (fault) return fault
    if (operation.type !== "text") {
      this.place(operation, author)
      return undefined
    }
    const merged = this.texts.merge(operation)
    if ("code" in merged) return merged
    this.place(merged, author)
    return undefined
  }

  /** What was made by our own rules, such as an earlier version brought back: nothing is asked. */
  put(operation: Operation): void {
    // Step by step: together they may be more than a row of the log holds. They are told in the same turn all the same.
    for (const part of partsOf(operation)) this.place(part, { client: 0, counter: 0, by: "" })
  }

  /** Who says something, and when, is our word; and so is what an update does to a text. */
  private stamped(operation: Operation, by: string): Operation {
    const at = new Date(this.now()).toISOString()
    const stamp = <O extends Operation>(one: O): O =>
      one.type === "comment" || one.type === "reword" || one.type === "resolve" ? { ...one, by, at } : one
    if (operation.type === "text") return withoutDelta(operation)
    if (operation.type !== "batch") return stamp(operation)
    // A text goes by itself: its document must be asked first.
    return { ...operation, operations: operation.operations.filter(({ type }) => type !== "text").map(stamp) }
  }

  private place(operation: Operation, { client, counter }: Author): void {
    this.log(operation, client, counter)
    apply(this.canvas, operation)
    for (const follower of this.texts.follow(this.canvas, operation)) this.log(follower, 0, 0)
  }

  private log(operation: Operation, client: number, counter: number): void {
    const told = new Writer()
    writeTold(told, { client, counter, operation }, this.refs)
    const { edits } = this.unwritten
    if (edits.length > 0 && edits.length + told.length > mostRowBytes) this.write()
    this.unwritten.edits.raw(told.done())
    this.refs.note(operation)
    this.seq++
  }

  /** Writes down what has its place, and gives out what is to be told: once the caller's turn ends, it is durable before it is sent. */
  keep(): { first: number; last: number; bytes: Uint8Array }[] {
    if (this.unwritten.counters.size > 0 || this.seq >= this.unwritten.first) this.write()
    const written = this.written
    this.written = []
    if (this.isGrown) this.snapshot()
    return written
  }

  private write(): void {
    const { first, edits, ...progress } = this.unwritten
    const row = { first, last: this.seq, edits: edits.done() }
    this.store.append(row, progress, this.now())
    this.texts.settle()
    if (row.last >= first) this.written.push({ first, last: row.last, bytes: row.edits })
    this.grown = {
      edits: this.grown.edits + row.last - first + 1,
      bytes: this.grown.bytes + row.edits.length,
    }
    this.unwritten = this.none()
  }

  /** The log may grow to as much as the document itself, so that writing snapshots costs no more than writing edits. */
  private get isGrown(): boolean {
    const { edits, bytes } = this.grown
    const isWorth = bytes >= Math.max(leastSnapshotBytes, this.snapshotBytes / 2)
    return (edits >= leastSnapshotEdits && isWorth) || bytes >= mostLogBytes
  }

  snapshot(): void {
    if (this.grown.edits === 0) return
    const text = this.text()
    this.store.snapshot(this.seq, text, this.texts.rows(this.seq), this.now())
    this.snapshotBytes = text.length
    this.grown = { edits: 0, bytes: 0 }
  }

  /** Everything that led here is forgotten: windows that come back are told the whole document. */
  forgetLog(): void {
    this.grown.edits++
    this.snapshot()
    this.store.dropLog()
  }

  /** The whole document as one text. */
  text(): string {
    return JSON.stringify({
      seq: this.seq,
      ids: this.refs.ids,
      state: stateOf(this.canvas),
    } satisfies Snapshot)
  }
}

/** What the log holds after an edit, read with the numbers that nodes had then. */
function* operationsAfter(store: CanvasStore, seq: number, refs: Refs): Generator<Operation> {
  for (const row of store.after(seq)) {
    const from = new Reader(row.edits)
    for (let at = row.first; at <= row.last; at++) {
      from.count()
      from.count()
      const operation = readOperation(from, refs) as Operation
      refs.note(operation)
      if (at <= seq) throw new Malformed(`edit ${at} is before the snapshot`)
      yield operation
    }
  }
}
