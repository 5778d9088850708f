import * as Y from "yjs"
import { deltaBetween } from "#core/canvas/delta"
import type { Delta } from "#core/canvas/operation"

/** Where the text stands in the document, as the server has it. */
const name = "text"
/** What is typed within this time is taken back as one, ms. */
const joinsWithinMs = 600

/** A change of the text that came in, as those need it who show it. */
export type CoChange = { delta: Delta; isOwn: boolean }

/** A place in the text that others can find, whatever they have written meanwhile. */
export type Mark = Uint8Array

type Told = (update: Uint8Array<ArrayBuffer>, delta: Delta) => void

/** One long text that people write together: a Yjs document, the changes of which go to the server and come from it. */
export class CoText {
  readonly epoch: number
  private readonly doc = new Y.Doc()
  private readonly text = this.doc.getText(name)
  private readonly history: Y.UndoManager
  private readonly listeners = new Set<(change: CoChange) => void>()
  private lastDelta: Delta = []
  private known: string

  constructor(epoch: number, state: Uint8Array, tell: Told, onStep: () => void) {
    this.epoch = epoch
    Y.applyUpdate(this.doc, state, server)
    this.known = this.text.toJSON()
    this.history = new Y.UndoManager(this.text, {
      trackedOrigins: new Set([typing]),
      captureTimeout: joinsWithinMs,
    })
    this.history.on("stack-item-added", ({ type, origin }: { type: string; origin: unknown }) => {
      if (type === "undo" && origin === typing) onStep()
    })
    this.text.observe((event, { origin }) => {
      this.known = this.text.toJSON()
      this.lastDelta = event.delta.map(({ insert, retain, delete: gone }) =>
        typeof insert === "string" ? insert : gone === undefined ? (retain ?? 0) : -gone,
      )
      const change = { delta: this.lastDelta, isOwn: origin === typing }
      for (const listener of this.listeners) listener(change)
    })
    this.doc.on("update", (update: Uint8Array, origin: unknown) => {
      if (origin !== server) tell(new Uint8Array(update), this.lastDelta)
    })
  }

  get value(): string {
    return this.known
  }

  get canUndo(): boolean {
    return this.history.undoStack.length > 0
  }

  get canRedo(): boolean {
    return this.history.redoStack.length > 0
  }

  /** Somebody types: parts that stay, go and come, in their order. */
  change(delta: Delta): void {
    if (delta.length === 0) return
    this.doc.transact(() => this.text.applyDelta(delta.map(inYjs)), typing)
  }

  /** The text as a field has it now. */
  write(next: string): void {
    this.change(deltaBetween(this.known, next))
  }

  /** What the server tells: others' changes, and one's own, which are known. */
  take(update: Uint8Array): void {
    Y.applyUpdate(this.doc, update, server)
  }

  /** Takes back one's own last typing; others' stays. False when there is nothing. */
  undo(): boolean {
    return this.history.undo() !== null
  }

  redo(): boolean {
    return this.history.redo() !== null
  }

  /** Answers how to stop. */
  follow(listener: (change: CoChange) => void): () => void {
    this.listeners.add(listener)
    return () => void this.listeners.delete(listener)
  }

  markAt(offset: number): Mark {
    return Y.encodeRelativePosition(Y.createRelativePositionFromTypeIndex(this.text, offset))
  }

  /** Where a mark is now; undefined while what it stands on has not come. */
  offsetOf(mark: Mark): number | undefined {
    try {
      const place = Y.createAbsolutePositionFromRelativePosition(Y.decodeRelativePosition(mark), this.doc)
      return place?.type === this.text ? place.index : undefined
    } catch {
      // Others' bytes: what cannot be read is nowhere.
      return undefined
    }
  }

  destroy(): void {
    this.listeners.clear()
    this.doc.destroy()
  }
}

const server = "server"
const typing = "typing"

const inYjs = (part: Delta[number]): { insert: string } | { delete: number } | { retain: number } =>
  typeof part === "string" ? { insert: part } : part < 0 ? { delete: -part } : { retain: part }
