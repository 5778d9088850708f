import type { ExecutionEvent } from "#core/execution/event"
import type { ExecutionId } from "#core/ids"
import { spansAfter } from "#core/trace/fold"
import type { Span } from "#core/trace/span"
import { newTrace, type Describe, type Trace } from "#core/trace/trace"

export type TracerDeps = {
  /** An execution's journal, from its beginning. */
  events(id: ExecutionId): Iterable<ExecutionEvent>
  describe(id: ExecutionId): Describe
  /** The last event whose spans have arrived; 0 when none have. */
  traced(id: ExecutionId): number
  /** Whether it is in memory: what rests or has ended is not followed. */
  isActive(id: ExecutionId): boolean
}

type Followed = { trace: Trace; ended: Span[]; sent: number }

/** Spans that wait for their delivery in all; with more, memory gives them up and the journal tells them again. */
const mostHeld = 20_000

/**
 * The spans of a lane on their way out. They are never written down here: they follow from the journal, which memory only spares
 * from being read again.
 */
export class Tracer {
  private readonly deps: TracerDeps
  private readonly followed = new Map<ExecutionId, Followed>()
  private held = 0

  constructor(deps: TracerDeps) {
    this.deps = deps
  }

  /** Takes in what has been written. Of an execution that was not followed from its beginning, the journal is read when it is due. */
  take(id: ExecutionId, events: readonly ExecutionEvent[]): void {
    const known = this.followed.get(id) ?? (events[0]?.seq === 1 ? this.follow(id) : undefined)
    if (known) this.extend(known, events)
    if (this.held > mostHeld) this.forgetAll()
  }

  /** What has ended since the last delivery. The same comes back until `delivered` is said. */
  ended(id: ExecutionId): Span[] {
    const known = this.followed.get(id) ?? this.recall(id)
    known.sent = known.ended.length
    return known.ended.slice()
  }

  /** What `ended` said last has arrived. */
  delivered(id: ExecutionId): void {
    const known = this.followed.get(id)
    if (!known) return
    known.ended.splice(0, known.sent)
    this.held -= known.sent
    known.sent = 0
    if (known.ended.length === 0 && !this.deps.isActive(id)) this.followed.delete(id)
  }

  private follow(id: ExecutionId): Followed {
    const fresh = { trace: newTrace(id, this.deps.describe(id)), ended: [], sent: 0 }
    this.followed.set(id, fresh)
    return fresh
  }

  private extend(known: Followed, events: Iterable<ExecutionEvent>): void {
    for (const span of spansAfter(known.trace, events)) {
      known.ended.push(span)
      this.held++
    }
  }

  private recall(id: ExecutionId): Followed {
    const fresh = this.follow(id)
    const traced = this.deps.traced(id)
    for (const event of this.deps.events(id)) {
      const spans = spansAfter(fresh.trace, [event])
      if (event.seq > traced) fresh.ended.push(...spans)
    }
    this.held += fresh.ended.length
    return fresh
  }

  private forgetAll(): void {
    this.followed.clear()
    this.held = 0
  }
}
