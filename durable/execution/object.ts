import { DurableObject } from "cloudflare:workers"
import type { ExecutionEvent } from "#core/execution/event"
import { isResting, isSettled } from "#core/execution/status"
import { nextDue } from "#core/execution/next"
import { nodeKey } from "#core/execution/state"
import { planOf, type Plan } from "#core/flow/plan"
import type { FrozenGraph } from "#core/flow/graph"
import { done, refused, type Outcome } from "#core/errors"
import type { ExecutionId } from "#core/ids"
import type { Json } from "#core/json"
import type { Approval } from "#core/contract/approvals"
import type { ExecutionSummary } from "#core/contract/executions"
import { Alarms } from "#durable/kit/alarms"
import { Outbox } from "#durable/kit/outbox"
import { ActiveExecution } from "./active.ts"
import { Conductor } from "./conductor.ts"
import { deadlineOf } from "./deadline.ts"
import { Departures, sorted, type Departure } from "./departures.ts"
import { Followers } from "./followers.ts"
import type {
  ApprovalAnswer,
  ExecutionPage,
  Recalled,
  Resolution,
  Started,
  StartRequest,
} from "./messages.ts"
import { answerApproval, askedBy, resolveStep, takeCallback } from "./people.ts"
import type { ExecutionPorts } from "./ports.ts"
import { queuedEvent } from "./queued.ts"
import { ExecutionStore } from "./store.ts"
import { Viewers } from "./viewers.ts"
import { approvalOf, executionOf, nodesOf, summaryOf } from "./view.ts"

/** More at once than this and the lane says so, before a journal is begun, so that the Worker takes another. */
const mostActive = 2_000
const keyLifeMs = 24 * 3_600_000
const watchMs = 5_000
const mostPlans = 200
/** Characters of the journal that one answer carries: calls between objects and Workers take 32 MiB. */
const mostPageLength = 4_194_304
/** How long whoever cancels is kept waiting for a call that does not end. */
const cancelWaitMs = 5_000
/** How long a delivery by alarm may take before another is tried. */
const deliveryMs = 30_000

const appointment = (id: string): string => `execution ${id}`

/**
 * Coordinates the executions of one lane of a tenant, each with its own journal; alone in its object when lanes are per
 * execution. The rules are core's; this wires them to storage, alarms, viewers and ports.
 */
export abstract class ExecutionObject<E = unknown> extends DurableObject<E> {
  private readonly store: ExecutionStore
  private readonly alarms: Alarms
  private readonly departures: Departures
  private readonly outbox: Outbox<Departure>
  private readonly followers: Followers
  private readonly viewers: Viewers
  private readonly conductor: Conductor
  private readonly active = new Map<ExecutionId, ActiveExecution>()
  private readonly plans = new Map<string, Plan>()
  private readonly waiters = new Map<ExecutionId, Set<() => void>>()
  /** Executions that have an appointment of their own. */
  private readonly appointed = new Set<ExecutionId>()
  private isWatching = false
  private outside: ExecutionPorts | undefined

  /** What executions ask of the outside world. The Worker supplies it. */
  protected abstract ports(): ExecutionPorts

  constructor(ctx: DurableObjectState, env: E) {
    super(ctx, env)
    this.store = new ExecutionStore(ctx.storage.sql)
    this.alarms = new Alarms(ctx.storage)
    this.departures = new Departures(ctx.storage.sql)
    this.viewers = new Viewers(ctx, {
      rowsAfter: (id, seq, bytes) => this.store.rowsAfter(id, seq, bytes),
      isSettled: (id) => this.isOver(id),
      synced: () => ctx.storage.sync(),
    })
    this.outbox = new Outbox({
      pending: (most) => this.departures.pending(most),
      delivered: (parcels) => this.departures.delivered(parcels),
      deliver: (rows) => this.world.record(this.store.tenant(), sorted(rows)),
      wakeAt: (due) => this.alarms.at("outbox", due),
      now: () => this.world.now(),
    })
    this.followers = new Followers({
      departures: this.departures,
      ended: (id) => ({
        id,
        state: this.store.state(id),
        plan: this.planFor(this.store.state(id).definition),
      }),
      follow: (ended) => this.world.follow(this.store.tenant(), ended),
      wakeAt: (due) => this.alarms.at("followers", due),
      now: () => this.world.now(),
    })
    this.conductor = new Conductor({
      ports: lazily(() => this.world),
      tenant: () => this.store.tenant(),
      keep: (run) => this.keep(run),
      stream: (run) => (run.isFull || this.viewers.isWatched(run.id)) && this.keep(run),
      wakeAt: (id, due) => this.wakeAt(id, due),
      chance: (bytes) => crypto.getRandomValues(new Uint8Array(bytes)),
    })
    if (!this.store.isOpen) return
    for (const id of this.store.busy(Date.now())) this.revive(id)
    // A crash inside `alarm()` has lost what that alarm took: whoever makes this object anew has it look at everything.
    if (this.active.size > 0) this.watchAt(Date.now())
    if (this.departures.pending(1).length > 0) this.alarms.at("outbox", Date.now())
    if (this.departures.toFollow().length > 0) this.alarms.at("followers", Date.now())
  }

  private get world(): ExecutionPorts {
    return (this.outside ??= this.ports())
  }

  /** Begins an execution and, when asked to, waits for its end. The same key and digest begin one only. */
  async start(request: StartRequest): Promise<Outcome<Started>> {
    this.store.open(request.tenant)
    const known = request.idempotency && this.store.started(request.idempotency.key, this.world.now())
    if (known && known.digest !== request.idempotency!.digest) return refused("idempotency.mismatch")
    if (known) return this.answer(known.execution, request.wait_ms)
    if (this.active.size >= mostActive) return refused("execution.overloaded", { retryAfterSeconds: 1 })
    const plan = this.planFor(request.definition, request.graph)
    if (!plan) return done({ is: "definition_missing" })
    const id = request.execution_id
    if (request.idempotency)
      this.store.keepKey(
        request.idempotency.key,
        request.idempotency.digest,
        id,
        this.world.now() + keyLifeMs,
      )
    if (request.recorded) this.store.keepRecordings(id, request.recorded)
    const run = this.activate(id, plan)
    run.emit(queuedEvent(request), this.stamp())
    if (!this.hasPlace(run)) {
      this.keep(run)
      return this.answer(id, request.wait_ms)
    }
    for (const event of [begun, ...(request.seed ?? [])]) run.emit(event, this.stamp())
    const advanced = this.conductor.advance(run)
    this.ctx.waitUntil(advanced)
    if (request.wait_ms > 0) await advanced
    else this.keep(run)
    return this.answer(id, request.wait_ms, run)
  }

  private stamp(): string {
    return new Date(this.world.now()).toISOString()
  }

  private activate(id: ExecutionId, plan: Plan, state?: ActiveExecution["state"]): ActiveExecution {
    const run = new ActiveExecution(id, plan, (key) => this.store.recording(id, key), state)
    this.active.set(id, run)
    return run
  }

  /** Whether a flow's limit on executions at once lets this one begin. */
  private hasPlace(run: ActiveExecution): boolean {
    const { turnKey, most } = turnOf(run)
    return turnKey === undefined || this.store.placesTaken(turnKey) < most
  }

  /** Lets the execution begin that has waited longest for the place which another has left. */
  private admit(turnKey: string): void {
    const id = this.store.firstQueued(turnKey)
    const run = id && this.take(id)
    if (!run || run.state.status !== "queued" || !this.hasPlace(run)) return
    run.emit(begun, this.stamp())
    this.keep(run)
    this.ctx.waitUntil(this.conductor.advance(run))
  }

  private async answer(
    id: ExecutionId,
    waitMs: number,
    run = this.active.get(id),
  ): Promise<Outcome<Started>> {
    const isOver = run ? isSettled(run.state.status) : this.store.isSettled(id)
    if (waitMs > 0 && !isOver) await this.ended(id, waitMs)
    // Whoever rested meanwhile has gone on as another object.
    const state =
      run && isSettled(run.state.status) ? run.state : (this.active.get(id)?.state ?? this.store.state(id))
    return done({
      is: "started",
      execution_id: id,
      status: state.status,
      ...(state.outputs === undefined ? {} : { outputs: state.outputs }),
      ...(state.error === undefined ? {} : { error: state.error }),
    })
  }

  /** One execution with its nodes and logs. */
  get(id: ExecutionId): Outcome<ExecutionPage> {
    const run = this.find(id)
    if (!run) return refused("execution.not_found")
    return done({
      execution: executionOf(id, run.state, run.plan),
      nodes: nodesOf(run.state, run.plan),
      logs: run.state.logs,
    })
  }

  /** The journal after an event. */
  events(
    id: ExecutionId,
    after: number,
    most: number,
  ): Outcome<{ events: ExecutionEvent[]; has_more: boolean }> {
    const last = this.lastSeq(id)
    if (last === undefined) return refused("execution.not_found")
    const events: ExecutionEvent[] = []
    let size = 0
    for (let seq = after; events.length < most && seq < last; seq = events.at(-1)!.seq) {
      const rows = size < mostPageLength ? this.store.rowsAfter(id, seq, 262_144) : []
      if (rows.length === 0) break
      for (const row of rows) {
        size += row.events.length
        events.push(...(JSON.parse(row.events) as ExecutionEvent[]).filter((event) => event.seq > seq))
      }
    }
    const page = events.slice(0, most)
    return done({ events: page, has_more: (page.at(-1)?.seq ?? last) < last })
  }

  /** Asks for the end. Answers when every call in flight is confirmed closed; `cancelling` when one takes too long. */
  async cancel(id: ExecutionId, actor: string): Promise<Outcome<ExecutionSummary>> {
    const run = this.find(id)
    if (!run) return refused("execution.not_found")
    if (isSettled(run.state.status))
      return refused("execution.settled", { detail: `This execution has ended: ${run.state.status}.` })
    this.active.set(id, run)
    const cancelled = this.conductor.cancel(run, actor)
    this.ctx.waitUntil(cancelled)
    await within(cancelled, cancelWaitMs)
    return done(summaryOf(id, run.state))
  }

  /** What is needed to begin the same again, or to go another way from some step on. */
  recall(id: ExecutionId): Outcome<Recalled> {
    const run = this.find(id)
    if (!run) return refused("execution.not_found")
    const { flow_id, flow_name, flow_version, definition, inputs, timeout_ms, pinned, status } = run.state
    const graph = this.store.definition(definition)
    return done({
      flow: { id: flow_id, name: flow_name, version: flow_version },
      definition,
      graph,
      inputs,
      timeout_ms,
      pinned,
      status,
      state: run.state,
    })
  }

  /** One question. */
  approval(id: ExecutionId, approvalId: string): Outcome<Approval> {
    const run = this.find(id)
    const node = run && askedBy(run, approvalId)
    const approval = node && approvalOf(id, run.state, node)
    return approval ? done(approval) : refused("approval.not_found")
  }

  /** The question that a step asks now, or asked last; for whoever holds a link that names the step. */
  asked(id: ExecutionId, key: string): Outcome<Approval> {
    const run = this.find(id)
    const node = run?.state.nodes[key]
    const approval = node && approvalOf(id, run.state, node)
    return approval ? done(approval) : refused("approval.not_found")
  }

  answerApproval(id: ExecutionId, approvalId: string, answer: ApprovalAnswer): Promise<Outcome<Approval>> {
    return this.told(id, (run) => {
      const known = askedBy(run, approvalId)
      const taken = answerApproval(run, known, answer, this.stamp())
      return taken.ok ? done(approvalOf(id, run.state, run.state.nodes[keyOf(known!)]!)!) : taken
    })
  }

  callback(id: ExecutionId, key: string, body: Json): Promise<Outcome<ExecutionSummary>> {
    return this.told(id, (run) => {
      const taken = takeCallback(run, key, body, this.stamp())
      return taken.ok ? done(summaryOf(id, run.state)) : taken
    })
  }

  resolve(id: ExecutionId, resolution: Resolution): Promise<Outcome<ExecutionSummary>> {
    return this.told(id, (run) => {
      const fail = (node: { node_id: string; scope: string; attempt: number }) =>
        this.conductor.giveUp(run, node)
      const taken = resolveStep(run, resolution, fail, this.stamp())
      return taken.ok ? done(summaryOf(id, run.state)) : taken
    })
  }

  /** Something from outside: written down with what it says, then execution goes on. */
  private told<T>(id: ExecutionId, say: (run: ActiveExecution) => Outcome<T>): Promise<Outcome<T>> {
    const run = this.find(id)
    if (!run) return Promise.resolve(refused("execution.not_found"))
    const outcome = say(run)
    if (outcome.ok) {
      this.active.set(id, run)
      this.keep(run)
      this.ctx.waitUntil(this.conductor.advance(run))
    }
    return Promise.resolve(outcome)
  }

  /** Looks at one execution that may have been forgotten; the sweeper's word. */
  async poke(id: ExecutionId): Promise<void> {
    const run = this.lastSeq(id) === undefined || this.isOver(id) ? undefined : this.take(id)
    if (run) await this.wake(run)
  }

  /** Streams: `/<execution id>?after=N`, as server-sent events or, on upgrade, a WebSocket. The Worker has checked who asks. */
  override fetch(request: Request): Response {
    const { pathname, searchParams } = new URL(request.url)
    const id = pathname.slice(1) as ExecutionId
    const last = this.lastSeq(id)
    if (last === undefined) return new Response(null, { status: 404 })
    // Whoever claims to have seen what was never told is shown what comes next.
    const after = Math.min(Number(searchParams.get("after") ?? 0), last)
    if (request.headers.get("upgrade") === "websocket") return this.viewers.accept(id, after)
    if (this.isOver(id) && after >= last) return new Response(null, { status: 204 })
    return new Response(this.viewers.stream(id, after), {
      headers: {
        "content-type": "text/event-stream",
        "cache-control": "no-store",
        "x-accel-buffering": "no",
      },
    })
  }

  override webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): void {
    this.viewers.heard(socket, message)
  }

  override webSocketClose(socket: WebSocket, code: number): void {
    // 1005 and 1006 say that no code came; they may not be sent.
    socket.close(code === 1005 || code === 1006 ? 1000 : code)
  }

  /** Never throws: after seven failures workerd would drop the alarm without a trace. */
  override async alarm(): Promise<void> {
    try {
      const now = this.world.now()
      for (const name of this.alarms.take(now)) await this.due(name, now)
    } catch (error) {
      failed("an alarm", error)
      this.watchAt(this.world.now() + watchMs)
    }
    this.alarms.rearm()
  }

  private async due(name: string, now: number): Promise<void> {
    if (name === "outbox") return this.deliver(now)
    if (name === "followers") {
      this.ctx.waitUntil(this.followers.tell())
      return
    }
    if (name === "watch") {
      this.isWatching = false
      if (this.active.size > 0) this.watchAt(now + watchMs)
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
    if (this.departures.pending(1).length === 0) return
    this.alarms.at("outbox", now + deliveryMs)
    this.ctx.waitUntil(this.outbox.drain())
  }

  /** What goes wrong with one execution is no reason to leave the next one asleep. */
  private async wake(run: ActiveExecution): Promise<void> {
    try {
      await this.conductor.wake(run)
    } catch (error) {
      failed("waking", error, run.id)
    }
  }

  /** Keeps, then tells: a viewer must never see what a crash could lose. */
  private keep(run: ActiveExecution): void {
    const events = run.takePending()
    if (events.length > 0) this.write(run, events)
    // What is at rest needs no memory until its time has come or somebody answers.
    const rests = isResting(run.state.status) || run.state.status === "queued"
    if (rests && !run.advancing && run.effects.size === 0) this.active.delete(run.id)
  }

  private write(run: ActiveExecution, events: ExecutionEvent[]): void {
    const { id, state } = run
    const { turnKey } = turnOf(run)
    const due = isSettled(state.status) ? undefined : dueOf(run)
    this.store.append(
      id,
      events,
      { seq: state.seq, status: state.status, due, turnKey },
      summaryOf(id, state),
    )
    const isOver = isSettled(state.status)
    if (isOver || events.some((event) => event.type.startsWith("approval."))) this.keepApprovals(run)
    if (isOver) {
      this.active.delete(id)
      if (this.appointed.delete(id) || state.waited_ms > 0) this.alarms.drop(appointment(id))
      for (const wake of this.waiters.get(id) ?? []) wake()
      if (state.followed) this.followers.add(id)
      if (turnKey !== undefined) this.admit(turnKey)
    }
    this.viewers.tell(id)
    this.outbox.nudge()
  }

  private keepApprovals({ id, state }: ActiveExecution): void {
    for (const node of Object.values(state.nodes)) {
      const approval = approvalOf(id, state, node)
      if (approval) this.departures.keepApproval(state.seq, approval)
    }
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
  private find(id: ExecutionId): ActiveExecution | undefined {
    const run = this.active.get(id)
    if (run) this.keep(run)
    return run ?? (this.store.lastSeq(id) !== undefined ? this.load(id) : undefined)
  }

  /** An execution that is to go on, out of the journal if it has rested. */
  private take(id: ExecutionId): ActiveExecution {
    const run = this.active.get(id) ?? this.load(id)
    this.active.set(id, run)
    return run
  }

  private isOver(id: ExecutionId): boolean {
    return !this.active.has(id) && this.store.isSettled(id)
  }

  private lastSeq(id: ExecutionId): number | undefined {
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
      const message = "The engine could not read this execution after a restart."
      this.store.abandon(id, { code: "engine.fault", message }, new Date().toISOString())
    }
  }

  private load(id: ExecutionId): ActiveExecution {
    const state = this.store.state(id)
    return new ActiveExecution(
      id,
      this.planFor(state.definition)!,
      (key) => this.store.recording(id, key),
      state,
    )
  }

  /** The plan of a definition that this lane knows or is given now; each is read and planned once. */
  private planFor(hash: string, given?: string): Plan | undefined {
    const planned = this.plans.get(hash)
    if (planned) return planned
    if (given !== undefined) this.store.keepDefinition(hash, given)
    else if (!this.store.hasDefinition(hash)) return undefined
    // It was checked before it was frozen.
    const plan = planOf(JSON.parse(given ?? this.store.definition(hash)) as FrozenGraph)
    this.plans.set(hash, plan)
    if (this.plans.size > mostPlans) this.plans.delete(this.plans.keys().next().value!)
    return plan
  }

  /** Resolves when the execution ends, or after `ms`. */
  private async ended(id: ExecutionId, ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const waiters = this.waiters.get(id) ?? new Set()
    this.waiters.set(id, waiters.add(resolve))
    await within(promise, ms)
    waiters.delete(resolve)
    if (waiters.size === 0) this.waiters.delete(id)
  }
}

const begun = { type: "execution.started", data: {} } as const

const keyOf = (node: { node_id: string; scope: string }): string => nodeKey(node.node_id, node.scope)

/** What an execution's place among those of its flow is counted for, and how many there are. */
function turnOf({ state, plan }: ActiveExecution): { turnKey: string | undefined; most: number } {
  const most = plan.graph.settings.max_concurrency
  if (most === undefined) return { turnKey: undefined, most: Infinity }
  return { turnKey: [state.flow_id, state.concurrency_key ?? ""].join(" "), most }
}

function dueOf({ state }: ActiveExecution): number {
  return Math.min(deadlineOf(state), nextDue(state) ?? Infinity)
}

/** Resolves with the promise, or after `ms`. */
async function within(promise: Promise<void>, ms: number): Promise<void> {
  const late = Promise.withResolvers<void>()
  const timer = setTimeout(late.resolve, ms)
  await Promise.race([promise, late.promise]).finally(() => clearTimeout(timer))
}

const failed = (what: string, error: unknown, execution?: ExecutionId): void =>
  console.error(`execution: ${what} failed`, {
    ...(execution ? { execution } : {}),
    error: error instanceof Error ? (error.stack ?? error.message) : String(error),
  })

/** Ports are made at first use: an abstract method may not be called while the class is being built. */
const lazily = (ports: () => ExecutionPorts): ExecutionPorts => ({
  callModel: (request, signal, chosen) => ports().callModel(request, signal, chosen),
  callHttp: (request, signal) => ports().callHttp(request, signal),
  price: (choice, usage) => ports().price(choice, usage),
  addressToken: (purpose, tenant, id, key) => ports().addressToken(purpose, tenant, id, key),
  follow: (tenant, ended) => ports().follow(tenant, ended),
  record: (tenant, rows) => ports().record(tenant, rows),
  now: () => ports().now(),
})
