import type { ExecutionEvent } from "#core/execution/event"
import { newLedger, usesAfter, type CredentialUse, type UseLedger } from "#core/execution/uses"
import type { ExecutionId } from "#core/ids"
import { spansAfter } from "#core/trace/fold"
import type { Span } from "#core/trace/span"
import { isOver, newTrace, type Describe, type Trace } from "#core/trace/trace"
import type { JournalRow } from "./store.ts"

export type TracerDeps = {
  /** Rows of an execution's journal that hold events after `seq`, until `bytes` are reached. */
  rowsAfter(id: ExecutionId, seq: number, bytes: number): JournalRow[]
  describe(id: ExecutionId): Describe
}

/** What is told of an execution's events: the spans that ended by them, and the uses of credentials. */
export type Told = { spans: Span[]; uses: CredentialUse[] }

/** What is open in an execution, and the event up to which it stands. */
type Followed = { trace: Trace; ledger: UseLedger; seq: number }

/** Executions whose open spans are kept between two deliveries; those of another are made of its journal again. */
const mostFollowed = 500
/** Spans after which an execution's delivery is cut, to go on with the next one. */
const mostSpans = 2_000
const pageBytes = 262_144

/**
 * The spans of a lane on their way out, and its uses of credentials. They are never written down here: they follow from the journal, read once more behind
 * the answer.
 */
export class Tracer {
  private readonly deps: TracerDeps
  private readonly followed = new Map<ExecutionId, Followed>()

  constructor(deps: TracerDeps) {
    this.deps = deps
  }

  /** What ended after an event of the journal, in portions: `seq` says up to which event this is all. */
  toldAfter(id: ExecutionId, seq: number): Told & { seq: number } {
    const known = this.followed.get(id)
    // What was told before and has not arrived is told again, from the journal.
    const from = known?.seq === seq ? known : this.upTo(id, seq)
    const told = this.read(id, from, Infinity)
    this.followed.delete(id)
    if (!isOver(from.trace)) this.keep(id, from)
    return { ...told, seq: from.seq }
  }

  private upTo(id: ExecutionId, seq: number): Followed {
    const fresh = { trace: newTrace(id, this.deps.describe(id)), ledger: newLedger(id), seq: 0 }
    while (fresh.seq < seq) {
      const before = fresh.seq
      this.read(id, fresh, seq)
      if (fresh.seq === before) break
    }
    return fresh
  }

  /** Folds in what comes next, up to an event, until there are spans enough for one delivery. */
  private read(id: ExecutionId, followed: Followed, until: number): Told {
    const spans: Span[] = []
    const uses: CredentialUse[] = []
    while (spans.length < mostSpans) {
      const fresh = this.deps
        .rowsAfter(id, followed.seq, pageBytes)
        .flatMap(({ events }) =>
          (JSON.parse(events) as ExecutionEvent[]).filter(
            (event) => event.seq > followed.seq && event.seq <= until,
          ),
        )
      const last = fresh.at(-1)
      if (!last) break
      for (const span of spansAfter(followed.trace, fresh)) spans.push(span)
      for (const use of usesAfter(followed.ledger, fresh)) uses.push(use)
      followed.seq = last.seq
    }
    return { spans, uses }
  }

  private keep(id: ExecutionId, followed: Followed): void {
    this.followed.set(id, followed)
    if (this.followed.size > mostFollowed) this.followed.delete(this.followed.keys().next().value!)
  }
}
