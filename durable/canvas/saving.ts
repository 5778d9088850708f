import { draftOf, type Draft } from "#core/canvas/canvas"
import { Reader } from "#core/canvas/bytes"
import { readOperation } from "#core/canvas/codec"
import { operationBetween } from "#core/canvas/diff"
import { Refs } from "#core/canvas/refs"
import { done, refused, type Outcome } from "#core/errors"
import type { CanvasPorts } from "./ports.ts"
import type { Room } from "./room.ts"
import type { CanvasStore } from "./store.ts"

type Deps = {
  store: CanvasStore
  room: () => Room
  ports: () => CanvasPorts
  /** Writes down and tells what was done to the room. */
  flush: () => void
  gone: () => void
  wakeAt: (due: number) => void
}

/** Whoever reads the row asks for it to be brought up to date, so that it may be this old otherwise. */
const soonMs = 5_000
const retryMs = 5_000
const mostRounds = 5

/**
 * Keeps the flow's row and the canvas the same. The canvas is the original and is written back soon after it changed; what
 * others have written into the row meanwhile is merged: it becomes edits, on top of those that the row does not know.
 */
export class Saving {
  private readonly deps: Deps
  private isDue = false
  private running: Promise<Outcome<null>> | undefined

  constructor(deps: Deps) {
    this.deps = deps
  }

  get isDirty(): boolean {
    const { seq, saved_seq } = this.deps.store.marks()
    return seq > saved_seq
  }

  /** Something has changed: it is written back soon. */
  nudge(): void {
    if (this.isDue) return
    this.isDue = true
    this.deps.wakeAt(this.deps.ports().now() + soonMs)
  }

  /** The appointment has come; never throws. */
  async due(): Promise<void> {
    this.isDue = false
    try {
      const outcome = await this.settle()
      if (outcome.ok || !this.isDirty) return
      console.warn("canvas: the draft could not be written back, it is tried again", { code: outcome.code })
    } catch (error) {
      console.warn("canvas: the draft could not be written back, it is tried again", { error: String(error) })
    }
    this.isDue = true
    this.deps.wakeAt(this.deps.ports().now() + retryMs)
  }

  /** Resolves when the row says what the canvas said at the time of asking. */
  async settle(): Promise<Outcome<null>> {
    for (let running = this.running; running; running = this.running) await running.catch(() => {})
    this.running = this.rounds()
    try {
      return await this.running
    } finally {
      this.running = undefined
    }
  }

  private async rounds(): Promise<Outcome<null>> {
    const { store, ports, flush, gone } = this.deps
    for (let round = 0; round < mostRounds; round++) {
      flush()
      const { seq, saved_seq, version } = store.marks()
      if (seq === saved_seq) return done(null)
      const draft = draftOf(this.deps.room().canvas)
      if (!operationBetween(this.base(), draft)) {
        // Remarks, or edits that were taken back: the row says so already, and its version is nobody's news.
        store.saved(seq, version, store.text("base"))
        return done(null)
      }
      const saving = { was: version, draft, by: this.authors(saved_seq), edits: seq - saved_seq }
      const outcome = await ports().save(store.ref(), saving)
      if (outcome.ok) store.saved(seq, outcome.value.version, JSON.stringify(draft))
      else if (outcome.code === "flow.not_found") {
        gone()
        return outcome
      } else if (outcome.code !== "conflict.stale") return outcome
      else await this.pull()
    }
    return refused("storage.busy")
  }

  /** Takes in what others have written into the row. */
  async pull(): Promise<Outcome<null>> {
    const { store, ports, flush, gone } = this.deps
    const outcome = await ports().load(store.ref())
    if (!outcome.ok) {
      if (outcome.code === "flow.not_found") gone()
      return outcome
    }
    const { version, draft } = outcome.value
    flush()
    const marks = store.marks()
    if (version === marks.version) return done(null)
    const operation = operationBetween(this.base(), draft)
    if (operation) this.deps.room().put(operation)
    flush()
    const isSame = marks.seq === marks.saved_seq
    store.saved(isSame ? store.marks().seq : marks.saved_seq, version, JSON.stringify(draft))
    if (!isSame) this.nudge()
    return done(null)
  }

  /** The draft as the row had it last. */
  private base(): Draft {
    return JSON.parse(this.deps.store.text("base")) as Draft
  }

  /** Who made the edits after one, as the log tells. */
  private authors(seq: number): string[] {
    const { store } = this.deps
    const refs = new Refs(this.deps.room().refs.ids)
    const clients = new Set<number>()
    for (const row of store.after(seq)) {
      const from = new Reader(row.edits)
      for (let at = row.first; at <= row.last; at++) {
        const client = from.count()
        from.count()
        readOperation(from, refs)
        if (at > seq && client !== 0) clients.add(client)
      }
    }
    return store.peopleBehind(clients)
  }
}
