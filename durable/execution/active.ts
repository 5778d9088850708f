import type { ExecutionEvent, NewEvent } from "#core/execution/event"
import { fold } from "#core/execution/reduce"
import { initialState, type ExecutionState } from "#core/execution/state"
import type { Plan } from "#core/flow/plan"
import type { ExecutionId } from "#core/ids"
import type { Recorded } from "./messages.ts"

/** Events and bytes after which a long burst of pure steps is written down, though nothing has to wait for it. */
const mostPendingEvents = 200

/** An attempt under way: aborting it closes its connection; its promise ends when that is done. */
export type InFlight = { abort: AbortController; ended: Promise<void> }

/**
 * One execution in memory: the fold of its journal, the events not yet written, and what is in flight. Memory is a cache; after
 * a crash the same comes out of the journal, less what was in flight.
 */
export class ActiveExecution {
  readonly id: ExecutionId
  readonly plan: Plan
  readonly state: ExecutionState
  pending: ExecutionEvent[] = []
  /** Attempts under way, by node key. */
  readonly effects = new Map<string, InFlight>()
  /** Calls under way that cost something, each with the scope of its step: told when the execution goes on without them. */
  readonly calls = new Map<() => void, string>()
  /** What stands in for calls to the outside, by node key, when this is a replay. */
  readonly recorded: (key: string) => Recorded | undefined
  /** Memory and journal have parted: what is in memory here counts no more. */
  isForsaken = false
  advancing = false
  again = false

  constructor(
    id: ExecutionId,
    plan: Plan,
    recorded: (key: string) => Recorded | undefined,
    state: ExecutionState = initialState(),
  ) {
    this.id = id
    this.plan = plan
    this.recorded = recorded
    this.state = state
  }

  /** Decides: folds an event in and holds it for the next write. */
  emit(event: NewEvent, at: string): void {
    const whole = { seq: this.state.seq + 1, at, ...event }
    fold(this.state, whole)
    this.pending.push(whole)
  }

  /** What calls have cost so far is written down before that which ends them: afterwards nothing more is. */
  closeCalls(isOver: (scope: string) => boolean = () => true): void {
    for (const [close, scope] of this.calls) if (isOver(scope)) close()
  }

  get isFull(): boolean {
    return this.pending.length >= mostPendingEvents
  }

  /** Nobody goes on with it: calls are closed, what they still answer is not wanted, and nothing is left to write. */
  forsake(): void {
    for (const { abort } of this.effects.values()) abort.abort()
    this.effects.clear()
    this.state.status = "failed"
    this.isForsaken = true
  }

  takePending(): ExecutionEvent[] {
    const events = this.pending
    this.pending = []
    return events
  }
}
