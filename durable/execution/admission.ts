import type { NewEvent } from "#core/execution/event"
import { FairQueue, type Head } from "#core/governor/queue"
import type { ExecutionId } from "#core/ids"
import type { ActiveExecution } from "./active.ts"
import { holderOf, type ActiveSet } from "./active-set.ts"
import { failed } from "./failed.ts"
import type { StartRequest } from "./messages.ts"
import { sinceOf, type QueueStore } from "./queue-store.ts"
import { turnOf } from "./turn.ts"

type Deps = {
  store: QueueStore
  active: ActiveSet
  find(id: ExecutionId): ActiveExecution | undefined
  keep: (run: ActiveExecution) => void
  goOn: (run: ActiveExecution) => Promise<void>
  stamp: () => string
  /** Ends one that cannot be read. */
  abandon(id: ExecutionId): void
}

export const begun = { type: "execution.started", data: {} } as const

/** Who waits in a lane: how many, and who is next. */
export type Line = { waiting: number; head: Head | undefined }

/**
 * Who begins next: executions wait for one of their flow's places (`max_concurrency`), for one of the tenant's, or for the one and then
 * the other. Who waits stands in the store; the order is made of it anew after a restart.
 */
export class Admission {
  private readonly deps: Deps
  private readonly queue = new FairQueue()
  /** Told when an execution is under way no more: its place is free. */
  onRoom: () => void = () => {}

  constructor(deps: Deps) {
    this.deps = deps
  }

  /** Takes up after a restart who waited before. */
  revive(): void {
    for (const claim of this.deps.store.waiting()) this.queue.enter(claim)
  }

  /** How many wait for a place of the tenant's. */
  get waiting(): number {
    return this.queue.size
  }

  get line(): Line {
    const head = this.next()
    return { waiting: this.queue.size, head: head && { share: head.share, since: head.since } }
  }

  /** When a new one would be next. */
  headOf({ execution_id, flow, actor }: StartRequest): Head {
    return { share: this.deps.active.shareOf(holderOf(flow.id, actor)), since: sinceOf(execution_id) }
  }

  waitsForPlace(id: ExecutionId): boolean {
    return this.queue.has(id)
  }

  /** Whether a new one begins now. Otherwise it waits, for one of the tenant's places when it must, with what it is to take over. */
  enter(run: ActiveExecution, mustWait: boolean, seed: NewEvent[] | undefined): boolean {
    if (mustWait) this.wait(run)
    else if (this.hasTurn(run)) return true
    if (seed) this.deps.store.keepSeed(run.id, seed)
    return false
  }

  /** Whether the flow's limit on executions at once lets this one begin. */
  private hasTurn(run: ActiveExecution): boolean {
    const { turnKey, most } = turnOf(run)
    return turnKey === undefined || this.deps.store.placesTaken(turnKey) < most
  }

  /** Lets those begin who have waited, in fair order, while there is a place. */
  fill(hasPlace: () => boolean): void {
    while (hasPlace()) {
      const claim = this.next()
      if (!claim) return
      const id = claim.id as ExecutionId
      this.queue.leave(id)
      const run = this.found(id)
      if (!run) continue
      if (this.hasTurn(run)) this.begin(run)
      // Its flow has no place left: it waits for that one, and holds up nobody.
      else this.deps.store.requeue(id, "turn")
    }
  }

  /** One has ended: whoever waits for its place among those of its flow has it, unless others wait for the tenant's. */
  ended(id: ExecutionId, turnKey: string | undefined): void {
    this.queue.leave(id)
    if (turnKey !== undefined) this.passOn(turnKey)
    this.left()
  }

  /** One is under way no more: it rests, or has ended. */
  left(): void {
    this.onRoom()
  }

  private passOn(turnKey: string): void {
    const id = this.deps.store.firstQueued(turnKey)
    const run = id && this.found(id)
    if (!run || !this.hasTurn(run)) return
    // It takes the place of the one that ended.
    if (this.queue.size === 0) return this.begin(run)
    this.deps.store.requeue(run.id, "place")
    this.wait(run)
  }

  private begin(run: ActiveExecution): void {
    const { store, active, stamp, keep, goOn } = this.deps
    for (const event of [begun, ...store.takeSeed(run.id)]) run.emit(event, stamp())
    // Its place is taken before the next is looked for.
    active.set(run.id, run)
    keep(run)
    void goOn(run)
  }

  private wait({ id, state }: ActiveExecution): void {
    this.queue.enter({ id, holder: holderOf(state.flow_id, state.actor) })
  }

  /** One that is still to begin. What cannot be read must not hold up the others: it ends. */
  private found(id: ExecutionId): ActiveExecution | undefined {
    try {
      const run = this.deps.find(id)
      return run?.state.status === "queued" ? run : undefined
    } catch (error) {
      failed("reading a journal", error, id)
      this.deps.abandon(id)
      return undefined
    }
  }

  private next() {
    return this.queue.next((holder) => this.deps.active.shareOf(holder), sinceOf)
  }
}
