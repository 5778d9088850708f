import { DurableObject } from "cloudflare:workers"
import type { ExecutionEvent } from "#core/execution/event"
import { isSettled } from "#core/execution/status"
import { FlowGraph } from "#core/flow/graph"
import { planOf, type Plan } from "#core/flow/plan"
import { done, refused, type Outcome } from "#core/errors"
import type { ExecutionId } from "#core/ids"
import type { ExecutionSummary } from "#core/contract/executions"
import { Alarms } from "#durable/kit/alarms"
import { Outbox } from "#durable/kit/outbox"
import { ActiveExecution } from "./active.ts"
import { Conductor } from "./conductor.ts"
import type { ExecutionPage, Recalled, Started, StartRequest } from "./messages.ts"
import type { ExecutionPorts } from "./ports.ts"
import { ExecutionStore } from "./store.ts"
import { Viewers } from "./viewers.ts"
import { executionOf, nodesOf, summaryOf } from "./view.ts"

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
  private readonly outbox: Outbox<ExecutionSummary>
  private readonly viewers: Viewers
  private readonly conductor: Conductor
  private readonly active = new Map<ExecutionId, ActiveExecution>()
  private readonly plans = new Map<string, Plan>()
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
    this.viewers = new Viewers(ctx, {
      rowsAfter: (id, seq, bytes) => this.store.rowsAfter(id, seq, bytes),
      isSettled: (id) => !this.active.has(id),
      synced: () => ctx.storage.sync(),
    })
    this.outbox = new Outbox({
      pending: (most) => this.store.undelivered(most),
      delivered: (parcels) => this.store.delivered(parcels),
      deliver: (rows) => this.world.record(this.store.tenant(), rows),
      wakeAt: (due) => this.alarms.at("outbox", due),
      now: () => this.world.now(),
    })
    this.conductor = new Conductor({
      ports: lazily(() => this.world),
      tenant: () => this.store.tenant(),
      keep: (run) => this.keep(run),
      stream: (run) => (run.isFull || this.viewers.isWatched(run.id)) && this.keep(run),
      wakeAt: (id, due) => this.wakeAt(id, due),
      chance: () => crypto.getRandomValues(new Uint32Array(1))[0]! / 2 ** 32,
    })
    if (!this.store.isOpen) return
    for (const id of this.store.unsettled()) this.revive(id)
    // A crash inside `alarm()` has lost what that alarm took: whoever makes this object anew has it look at everything.
    if (this.active.size > 0) this.watchAt(Date.now())
    if (this.store.undelivered(1).length > 0) this.alarms.at("outbox", Date.now())
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
    const run = new ActiveExecution(id, plan)
    this.active.set(id, run)
    this.begin(run, request)
    const advanced = this.conductor.advance(run)
    this.ctx.waitUntil(advanced)
    if (request.wait_ms > 0) await advanced
    else this.keep(run)
    return this.answer(id, request.wait_ms, run)
  }

  private begin(run: ActiveExecution, request: StartRequest): void {
    const at = new Date(this.world.now()).toISOString()
    run.emit(
      {
        type: "execution.queued",
        data: {
          flow_id: request.flow.id,
          flow_name: request.flow.name,
          flow_version: request.flow.version,
          definition: request.definition,
          engine_version: run.state.engine_version,
          actor: request.actor,
          inputs: request.inputs,
          timeout_ms: request.timeout_ms,
          ...(request.pinned ? { pinned: request.pinned } : {}),
          ...(request.retry_of ? { retry_of: request.retry_of } : {}),
        },
      },
      at,
    )
    run.emit({ type: "execution.started", data: {} }, at)
  }

  private async answer(
    id: ExecutionId,
    waitMs: number,
    run = this.active.get(id),
  ): Promise<Outcome<Started>> {
    if (run && waitMs > 0 && !isSettled(run.state.status)) await ended(run, waitMs)
    const state = run?.state ?? this.store.state(id)
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
    const cancelled = this.conductor.cancel(run, actor)
    this.ctx.waitUntil(cancelled)
    await within(cancelled, cancelWaitMs)
    return done(summaryOf(id, run.state))
  }

  /** What is needed to begin the same again: the frozen graph, the inputs, the version. */
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
    })
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
    if (!this.active.has(id) && after >= last) return new Response(null, { status: 204 })
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
    if (name === "watch") {
      this.isWatching = false
      if (this.active.size > 0) this.watchAt(now + watchMs)
      this.store.forgetKeys(now)
      for (const run of this.active.values()) await this.wake(run)
      return
    }
    const run = this.active.get(name.slice(appointment("").length) as ExecutionId)
    if (run) await this.wake(run)
  }

  /** Not awaited: a database that hangs must not keep other appointments waiting. One more is made, lest a crash forget it. */
  private deliver(now: number): void {
    if (this.store.undelivered(1).length === 0) return
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
    if (events.length === 0) return
    this.store.append(run.id, events, run.state, summaryOf(run.id, run.state))
    if (isSettled(run.state.status)) {
      this.active.delete(run.id)
      if (this.appointed.delete(run.id)) this.alarms.drop(appointment(run.id))
      run.wake()
    }
    this.viewers.tell(run.id)
    this.outbox.nudge()
  }

  /** Makes sure that an execution which is left in flight is looked at again: when it is due, and every few seconds after a crash. */
  private wakeAt(id: ExecutionId, due: number): void {
    const now = this.world.now()
    // What is due later is looked at by the watch, so that a step which soon ends writes no appointment.
    if (due < now + watchMs) {
      this.appointed.add(id)
      this.alarms.at(appointment(id), due)
    }
    if (!this.isWatching) this.watchAt(now + watchMs)
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
    return new ActiveExecution(id, this.planFor(state.definition, undefined)!, state)
  }

  /** The plan of a definition that this lane knows or is given now; each is read and planned once. */
  private planFor(hash: string, given: string | undefined): Plan | undefined {
    const planned = this.plans.get(hash)
    if (planned) return planned
    if (given !== undefined) this.store.keepDefinition(hash, given)
    else if (!this.store.hasDefinition(hash)) return undefined
    const plan = planOf(FlowGraph.parse(JSON.parse(given ?? this.store.definition(hash))))
    this.plans.set(hash, plan)
    if (this.plans.size > mostPlans) this.plans.delete(this.plans.keys().next().value!)
    return plan
  }
}

/** Resolves when the execution ends, or after `ms`. */
async function ended(run: ActiveExecution, ms: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  run.waiters.add(resolve)
  await within(promise, ms)
  run.waiters.delete(resolve)
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
  price: (choice, usage) => ports().price(choice, usage),
  record: (tenant, rows) => ports().record(tenant, rows),
  now: () => ports().now(),
})
