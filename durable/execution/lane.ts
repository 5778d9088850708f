import { nodeIn, type ExecutionEvent } from "#core/execution/event"
import { replay } from "#core/execution/reduce"
import type { ExecutionState } from "#core/execution/state"
import { isResting, isSettled } from "#core/execution/status"
import type { Plan } from "#core/flow/plan"
import type { ExecutionId } from "#core/ids"
import { Alarms } from "#durable/kit/alarms"
import "#durable/kit/crashpoint"
import { Outbox } from "#durable/kit/outbox"
import { Pages } from "#durable/kit/pages"
import { Viewers } from "#durable/kit/viewers"
import { ActiveExecution } from "./active.ts"
import { ActiveSet } from "./active-set.ts"
import { Admission, begun } from "./admission.ts"
import { Archive } from "./archive.ts"
import { Conductor } from "./conductor.ts"
import { dueOf } from "./deadline.ts"
import { Departures, sorted, type Departure } from "./departures.ts"
import { failed } from "./failed.ts"
import { Followers } from "./followers.ts"
import type { StartRequest } from "./messages.ts"
import type { ExecutionPorts } from "./ports.ts"
import { Plans } from "./plans.ts"
import { QueueStore } from "./queue-store.ts"
import { queuedEvent } from "./queued.ts"
import { ExecutionStore, type JournalRow } from "./store.ts"
import { Tracer } from "./tracer.ts"
import { turnOf } from "./turn.ts"
import { summaryOf } from "./view.ts"
import { Waiters } from "./waiters.ts"

const watchMs = 5_000
/** How long a delivery by alarm may take before another is tried. */
const deliveryMs = 30_000

type Begun = { run: ActiveExecution; advanced: Promise<void> | undefined }

const appointment = (id: string): string => `execution ${id}`

/**
 * The executions of one lane: those under way in memory, the others in their journals; their appointments, their viewers, and
 * what leaves for the tenant's database.
 */
export class Lane {
  readonly store: ExecutionStore
  readonly viewers: Viewers<ExecutionId>
  readonly conductor: Conductor
  private readonly ctx: DurableObjectState
  private readonly world: ExecutionPorts
  private readonly alarms: Alarms
  private readonly departures: Departures
  readonly outbox: Outbox<Departure>
  private readonly followers: Followers
  readonly archive: Archive
  private readonly active = new ActiveSet()
  readonly admission: Admission
  readonly plans: Plans
  readonly waiters = new Waiters()
  /** Executions that have an appointment of their own. */
  private readonly appointed = new Set<ExecutionId>()
  private isWatching = false

  constructor(ctx: DurableObjectState, world: ExecutionPorts) {
    this.ctx = ctx
    this.world = world
    this.store = new ExecutionStore(ctx.storage.sql)
    this.alarms = new Alarms(ctx.storage)
    this.plans = new Plans(this.store)
    const tracer = new Tracer({
      rowsAfter: (id, seq, bytes) => this.store.rowsAfter(id, seq, bytes),
      describe: (id) => this.plans.describe(id),
    })
    this.departures = new Departures(ctx.storage.sql, (id, seq) => tracer.toldAfter(id, seq))
    const pages = new Pages<ExecutionId, ExecutionEvent>({
      rowsAfter: (id, seq, bytes) => this.rowsAfter(id, seq, bytes),
      synced: () => ctx.storage.sync(),
    })
    this.viewers = new Viewers(ctx, {
      pageAfter: (id, seq) => pages.after(id, seq),
      isSettled: (id) => this.isOver(id),
      mayStay: (passes) => this.world.mayStay(this.store.tenant(), passes),
      lookAfter: (ms) => this.alarms.by("viewers", Date.now() + ms),
    })
    this.outbox = new Outbox({
      isWaiting: () => this.departures.isWaiting,
      pending: (most) => this.departures.pending(most),
      delivered: (parcels) => this.departures.delivered(parcels),
      deliver: (rows) => this.world.record(this.store.tenant(), sorted(rows)),
      wakeAt: (due) => this.alarms.at("outbox", due),
      now: () => this.world.now(),
    })
    this.archive = new Archive({
      store: this.store,
      ports: world,
      tenant: () => this.store.tenant(),
      wakeAt: (due) => this.alarms.at("archive", due),
    })
    this.followers = new Followers({
      departures: this.departures,
      ended: (id) => ({
        id,
        state: this.store.state(id),
        plan: this.plans.of(this.store.state(id).definition),
      }),
      follow: (ended) => this.world.follow(this.store.tenant(), ended),
      isHeld: () => this.world.isHeld(this.store.tenant()),
      wakeAt: (due) => this.alarms.at("followers", due),
      now: () => this.world.now(),
    })
    this.conductor = new Conductor({
      ports: world,
      tenant: () => this.store.tenant(),
      keep: (run) => this.keep(run),
      stream: (run) => (run.isFull || this.viewers.isWatched(run.id)) && this.keep(run),
      wakeAt: (id, due) => this.wakeAt(id, due),
      chance: (bytes) => crypto.getRandomValues(new Uint8Array(bytes)),
    })
    this.admission = new Admission({
      store: new QueueStore(ctx.storage.sql),
      active: this.active,
      find: (id) => this.find(id),
      keep: (run) => this.keep(run),
      goOn: (run) => this.goOn(run),
      stamp: () => this.stamp(),
      abandon: (id) => this.abandon(id, unreadable),
    })
    if (!this.store.isOpen) return
    this.admission.revive()
    for (const id of this.store.busy(Date.now())) this.revive(id)
    // A crash inside `alarm()` has lost what that alarm took: whoever makes this object anew has it look at everything.
    if (this.isBusy) this.watchAt(Date.now())
    if (this.departures.isWaiting) this.alarms.at("outbox", Date.now())
    if (this.departures.toFollow().length > 0) this.alarms.at("followers", Date.now())
  }

  get size(): number {
    return this.active.size
  }

  /** Something is under way here, or waits for a place. */
  get isBusy(): boolean {
    return this.active.size > 0 || this.admission.waiting > 0
  }

  stamp(): string {
    return new Date(this.world.now()).toISOString()
  }

  /** Takes in a new execution. It advances at once, or waits for one of the tenant's places, or of its flow's. */
  begin(request: StartRequest, plan: Plan, mustWait = false): Begun {
    const id = request.execution_id
    const run = new ActiveExecution(id, plan, (key) => this.store.recording(id, key))
    if (request.recorded) this.store.keepRecordings(id, request.recorded)
    run.emit(queuedEvent(request), this.stamp())
    this.active.set(id, run)
    if (!this.admission.enter(run, mustWait, request.seed)) {
      this.keep(run)
      if (mustWait && !this.isWatching) this.watchAt(this.world.now() + watchMs)
      return { run, advanced: undefined }
    }
    for (const event of [begun, ...(request.seed ?? [])]) run.emit(event, this.stamp())
    // A key must not be kept, nor a place be thought free, while its execution is in memory only.
    if (request.idempotency || turnOf(run).turnKey !== undefined) this.keep(run)
    return { run, advanced: this.goOn(run) }
  }

  /** Lets an execution go on after something new was written into it. */
  goOn(run: ActiveExecution): Promise<void> {
    if (run.isForsaken) return Promise.resolve()
    this.active.set(run.id, run)
    const advanced = this.conductor.advance(run)
    this.ctx.waitUntil(advanced)
    return advanced
  }

  cancel(run: ActiveExecution, actor: string): Promise<void> {
    this.active.set(run.id, run)
    const cancelled = this.conductor.cancel(run, actor)
    this.ctx.waitUntil(cancelled)
    return cancelled
  }

  /** Never throws: after seven failures workerd would drop the alarm without a trace. */
  async alarm(): Promise<void> {
    try {
      const now = this.world.now()
      for (const name of this.alarms.take(now)) await this.keptDue(name, now)
    } catch (error) {
      failed("an alarm", error)
      this.watchAt(this.world.now() + watchMs)
    }
    this.alarms.rearm()
  }

  /** An appointment that cannot be kept is made again: what rests is in nobody's memory, so nothing else would wake it. */
  private async keptDue(name: string, now: number): Promise<void> {
    try {
      await this.due(name, now)
    } catch (error) {
      failed(`the appointment "${name}"`, error)
      this.alarms.at(name, this.world.now() + watchMs)
    }
  }

  private async due(name: string, now: number): Promise<void> {
    globalThis.crashpoint?.("in-alarm", name)
    if (name === "outbox") return this.deliver(now)
    if (name === "followers") return this.ctx.waitUntil(this.followers.tell())
    if (name === "archive") return this.ctx.waitUntil(this.archive.sweep())
    if (name === "viewers") return this.ctx.waitUntil(this.viewers.look())
    if (name === "watch") {
      this.isWatching = false
      if (this.isBusy) this.watchAt(now + watchMs)
      this.store.forgetKeys(now)
      for (const run of this.active.values()) await this.wake(run)
      return
    }
    const id = name.slice(appointment("").length) as ExecutionId
    this.appointed.delete(id)
    if (!this.isOver(id)) await this.wake(this.take(id))
  }

  /** Not awaited: a database that hangs must not keep other appointments waiting. One more is made, lest a crash forget it. */
  private deliver(now: number): void {
    if (!this.departures.isWaiting) return
    this.alarms.at("outbox", now + deliveryMs)
    this.ctx.waitUntil(this.outbox.drain())
  }

  /** What goes wrong with one execution is no reason to leave the next one asleep. */
  async wake(run: ActiveExecution): Promise<void> {
    try {
      await this.conductor.wake(run)
    } catch (error) {
      failed("waking", error, run.id)
      if (!this.isWatching) this.watchAt(this.world.now() + watchMs)
    }
  }

  /** Keeps, then tells: a viewer must never see what a crash could lose. */
  keep(run: ActiveExecution): void {
    if (run.isForsaken) return
    const events = run.takePending()
    if (events.length > 0) this.write(run, events)
    // What is at rest needs no memory until its time has come or somebody answers.
    const rests = isResting(run.state.status)
    if (!(rests || run.state.status === "queued") || run.advancing || run.effects.size > 0) return
    if (this.active.delete(run.id) && rests) this.admission.left()
  }

  private write(run: ActiveExecution, events: ExecutionEvent[]): void {
    const { id, state } = run
    const { turnKey } = turnOf(run)
    // What is under way is looked after by the watch.
    const due = isResting(state.status) ? dueOf(state) : undefined
    const waitsForPlace = this.admission.waitsForPlace(id)
    const standing = { seq: state.seq, status: state.status, due, turnKey, waitsForPlace }
    globalThis.crashpoint?.("before-journal", id, events.map(nodeIn))
    try {
      this.store.append(id, events, standing, summaryOf(id, state))
    } catch (error) {
      failed("writing a journal", error, id)
      return this.unwritten(run, events[0]!.seq)
    }
    globalThis.crashpoint?.("after-journal", id, events.map(nodeIn))
    const isOver = isSettled(state.status)
    this.departures.keepQuestions(id, state, events)
    if (isOver) {
      this.active.delete(id)
      if (this.appointed.delete(id) || state.waited_ms > 0) this.alarms.drop(appointment(id))
      this.waiters.wake(id)
      if (state.followed) this.followers.add(id)
      this.admission.ended(id, turnKey)
      this.archive.appoint()
    }
    this.viewers.tell(id)
    this.outbox.nudge()
  }

  /** What could not be written has not happened: memory knows more than the journal, so the execution ends as that knows it. */
  private unwritten(run: ActiveExecution, seq: number): void {
    run.forsake()
    this.active.delete(run.id)
    try {
      this.store.takeBack(run.id, seq)
      if (this.store.lastSeq(run.id) === undefined) return this.neverBegun(run.id)
      this.abandon(run.id, "The engine could not write down what this execution did.")
    } catch (error) {
      failed("ending an execution that could not be written", error, run.id)
      // Nothing can be written any more. What others have in memory may be lost with it; what was told is not.
      this.ctx.abort("a journal could not be written")
    }
  }

  /** Nobody was told of one that was never written: nothing of it stays, and its place is another's. */
  private neverBegun(id: ExecutionId): void {
    this.store.forgetStart(id)
    this.admission.ended(id, undefined)
  }

  /** Ends an execution by its row alone, for want of a journal that can be read or written. */
  private abandon(id: ExecutionId, message: string): void {
    const turnKey = this.store.abandon(id, { code: "engine.fault", message }, this.stamp())
    this.alarms.drop(appointment(id))
    this.waiters.wake(id)
    this.admission.ended(id, turnKey)
    this.viewers.tell(id)
    this.outbox.nudge()
  }

  /** Makes sure that an execution which is left in flight is looked at again: when it is due, and every few seconds after a crash. */
  private wakeAt(id: ExecutionId, due: number): void {
    const now = this.world.now()
    // What is due later is looked at by the watch, so that a step which soon ends writes no appointment; what rests is not.
    if (due < now + watchMs || (due !== Infinity && !this.active.has(id))) {
      this.appointed.add(id)
      this.alarms.at(appointment(id), due)
    }
    if (this.active.size > 0 && !this.isWatching) this.watchAt(now + watchMs)
  }

  private watchAt(due: number): void {
    this.isWatching = true
    this.alarms.at("watch", due)
  }

  /** An execution as it is now: what waited to be written for want of a viewer is written when somebody looks. */
  find(id: ExecutionId): ActiveExecution | undefined {
    const run = this.active.get(id)
    if (run) this.keep(run)
    return run ?? (this.store.lastSeq(id) !== undefined ? this.load(id) : undefined)
  }

  /** An execution in memory. */
  running(id: ExecutionId): ActiveExecution | undefined {
    return this.active.get(id)
  }

  /** An execution that is to go on, out of the journal if it has rested. */
  take(id: ExecutionId): ActiveExecution {
    const run = this.active.get(id) ?? this.load(id)
    this.active.set(id, run)
    return run
  }

  /** It has ended, and nothing is left to write. */
  isOver(id: ExecutionId): boolean {
    return !this.active.has(id) && this.store.isSettled(id)
  }

  lastSeq(id: ExecutionId): number | undefined {
    const run = this.active.get(id)
    if (run) this.keep(run)
    return this.store.lastSeq(id)
  }

  /** Takes an execution up again. One that cannot be read must not take its lane with it: it ends. */
  private revive(id: ExecutionId): void {
    try {
      this.active.set(id, this.load(id))
      this.appointed.add(id)
    } catch (error) {
      failed("reading a journal", error, id)
      this.abandon(id, unreadable)
    }
  }

  /** Brings a journal to hand that lies in the archive. Whoever reads an execution that may have ended long ago asks this first. */
  unshelve(id: ExecutionId): Promise<void> {
    return this.archive.fetch(id)
  }

  rowsAfter(id: ExecutionId, seq: number, bytes: number): JournalRow[] {
    const shelved = this.archive.rows(id)
    if (shelved) return shelved.filter((row) => row.last_seq > seq)
    const rows = this.store.rowsAfter(id, seq, bytes)
    // Put away meanwhile for others: whoever reads breaks off, and fetches it again when it resumes.
    if (rows.length === 0 && this.store.isMovedOut(id)) throw new Error(`the journal of ${id} is not at hand`)
    return rows
  }

  private stateOf(id: ExecutionId): ExecutionState {
    const shelved = this.archive.rows(id)
    if (!shelved) return this.store.state(id)
    return replay(shelved.flatMap((row) => JSON.parse(row.events) as ExecutionEvent[]))
  }

  private load(id: ExecutionId): ActiveExecution {
    const state = this.stateOf(id)
    return new ActiveExecution(
      id,
      this.plans.of(state.definition)!,
      (key) => this.store.recording(id, key),
      state,
    )
  }
}

const unreadable = "The engine could not read this execution after a restart."
