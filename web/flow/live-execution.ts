import type { ExecutionEvent } from "#core/execution/event"
import { fold } from "#core/execution/reduce"
import { initialState, type ExecutionState, type NodeState } from "#core/execution/state"
import { isSettled } from "#core/execution/status"
import { StepIndex } from "./step-index.ts"

/** Somebody who watches the same execution. */
export type Viewer = { id: string; name: string }

/** Where a live execution gets its journal from. */
export type JournalSource = {
  /** A page of what was written after that event. */
  page(after: number, signal: AbortSignal): Promise<{ events: ExecutionEvent[]; has_more: boolean }>
  /** What is written from then on, and who watches. Ends when the server closes it; throws when the connection breaks. */
  stream(after: number, signal: AbortSignal): AsyncIterable<ExecutionEvent | { viewers: readonly Viewer[] }>
  /** Whether an error is the last word, such as an execution that does not exist. */
  isFinal(error: unknown): boolean
}

export type Link = "loading" | "live" | "reconnecting" | "ended" | "failed"

type Waits = {
  /** Calls back soon, once: what changed since is told together. */
  soon(tell: () => void): void
  pause(ms: number, signal: AbortSignal): Promise<void>
}

const firstPauseMs = 400
const longestPauseMs = 8_000

/**
 * An execution as its journal tells it, folded by the same reducer as on the server. Reopening folds the same events, so the
 * text is the same to the letter; after a broken connection it goes on after the last event seen.
 */
export class LiveExecution {
  readonly id: string
  /** Folded in place; the states of nodes are replaced when they change, so their identity tells a change. */
  readonly state: ExecutionState = initialState()
  readonly events: ExecutionEvent[] = []
  readonly steps = new StepIndex(this.state)
  /** Everybody who watches it as it goes on, oneself included. */
  viewers: readonly Viewer[] = []
  link: Link = "loading"
  error: unknown = undefined
  /** Rises with each telling. */
  version = 0

  readonly #source: JournalSource
  readonly #waits: Waits
  readonly #listeners = new Set<() => void>()
  #abort: AbortController | undefined
  #telling = false

  constructor(id: string, source: JournalSource, waits: Waits) {
    this.id = id
    this.#source = source
    this.#waits = waits
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  node(key: string): NodeState | undefined {
    return this.state.nodes[key]
  }

  get isSettled(): boolean {
    return isSettled(this.state.status)
  }

  /** Begins or goes on reading; `close` stops it. */
  open(): void {
    if (this.link === "failed") this.close()
    if (this.#abort || this.link === "ended") return
    this.#abort = new AbortController()
    void this.#read(this.#abort.signal)
  }

  close(): void {
    this.#abort?.abort()
    this.#abort = undefined
  }

  async #read(signal: AbortSignal): Promise<void> {
    let pause = firstPauseMs
    while (!signal.aborted) {
      const before = this.state.seq
      try {
        await this.#catchUp(signal)
        if (this.isSettled) return this.#become("ended")
        await this.#follow(signal)
        if (this.isSettled) return this.#become("ended")
      } catch (error) {
        if (signal.aborted) return
        if (this.#source.isFinal(error)) {
          this.error = error
          return this.#become("failed")
        }
      }
      if (signal.aborted) return
      pause = this.state.seq > before ? firstPauseMs : Math.min(pause * 2, longestPauseMs)
      this.#become("reconnecting")
      await this.#waits.pause(pause, signal)
    }
  }

  async #catchUp(signal: AbortSignal): Promise<void> {
    for (let more = true; more && !signal.aborted;) {
      const page = await this.#source.page(this.state.seq, signal)
      for (const event of page.events) this.#take(event)
      more = page.has_more && page.events.length > 0
    }
    if (!this.isSettled) this.#become("live")
  }

  async #follow(signal: AbortSignal): Promise<void> {
    try {
      for await (const news of this.#source.stream(this.state.seq, signal)) {
        if (signal.aborted) return
        if ("viewers" in news) this.#see(news.viewers)
        else this.#take(news)
      }
    } finally {
      this.#see([])
    }
  }

  #see(viewers: readonly Viewer[]): void {
    if (viewers.length === 0 && this.viewers.length === 0) return
    this.viewers = viewers
    this.#tell()
  }

  #take(event: ExecutionEvent): void {
    // A stream that resumes may repeat what was seen.
    if (event.seq <= this.state.seq) return
    fold(this.state, event)
    this.events.push(event)
    this.steps.note(event)
    this.#tell()
  }

  #become(link: Link): void {
    if (this.link === link) return
    this.link = link
    this.#tell()
  }

  #tell(): void {
    if (this.#telling) return
    this.#telling = true
    this.#waits.soon(() => {
      this.#telling = false
      this.version++
      for (const listener of this.#listeners) listener()
    })
  }
}
