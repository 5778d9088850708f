import { canvasOf, draftOf, stateOf, type CanvasState, type Draft } from "#core/canvas/canvas"
import { operationBetween } from "#core/canvas/diff"
import { erasedWords } from "#core/privacy/erasure"
import { done, refused, type Outcome } from "#core/errors"
import type { Room } from "./room.ts"
import type { CanvasStore, Named } from "./store.ts"

export type NewNamed = { id: string; name: string; by: string; at: string }

const mostNamed = 200

/** Earlier states of a canvas that somebody gave a name to. */
export class History {
  private readonly store: CanvasStore
  private readonly room: () => Room
  private readonly flush: () => void

  constructor(store: CanvasStore, room: () => Room, flush: () => void) {
    this.store = store
    this.room = room
    this.flush = flush
  }

  /** The newest first. */
  list(): Named[] {
    return this.store.hasBegun ? this.store.named() : []
  }

  /** Keeps the document as it is now under a name. */
  name(wanted: NewNamed): Outcome<Named> {
    this.flush()
    const { canvas, seq } = this.room()
    if (this.store.named().length >= mostNamed)
      return refused("quota.exceeded", {
        detail: `A flow has at most ${mostNamed} named versions. Delete some first.`,
      })
    const named: Named = { ...wanted, seq, nodes: canvas.nodes.size }
    this.store.name(named, JSON.stringify(stateOf(canvas)))
    return done(named)
  }

  get(id: string): Outcome<{ named: Named; draft: Draft }> {
    const named = this.list().find((one) => one.id === id)
    if (!named) return refused("flow.named_version_not_found")
    const state = JSON.parse(this.store.text(id)) as CanvasState
    return done({ named, draft: draftOf(canvasOf(state)) })
  }

  /** Makes the document what it was then, as an edit that everybody sees. What people said about it stays. */
  restore(id: string): Outcome<Named> {
    const found = this.get(id)
    if (!found.ok) return found
    this.flush()
    const operation = operationBetween(draftOf(this.room().canvas), found.value.draft)
    if (operation) this.room().put(operation)
    this.flush()
    return done(found.value.named)
  }

  /** Takes out of every named version what some people said, and the names that they gave. */
  erase(authors: ReadonlySet<string>): void {
    for (const { id, name, by } of this.list()) {
      const state = JSON.parse(this.store.text(id)) as CanvasState
      const threads = state.threads
        .map((one) => ({ ...one, comments: one.comments.filter((comment) => !authors.has(comment.by)) }))
        .filter((one) => one.comments.length > 0)
      this.store.rewrite(id, authors.has(by) ? erasedWords : name, JSON.stringify({ ...state, threads }))
    }
  }

  forget(id: string): Outcome<null> {
    return this.store.hasBegun && this.store.unname(id) ? done(null) : refused("flow.named_version_not_found")
  }
}
