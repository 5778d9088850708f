import type { Approval } from "#core/contract/approvals"
import type { ExecutionSummary } from "#core/contract/executions"
import { done, refused, type Outcome } from "#core/errors"
import type { ExecutionEvent } from "#core/execution/event"
import { nodeKey } from "#core/execution/state"
import { isSettled } from "#core/execution/status"
import { laneOf, type ExecutionId } from "#core/ids"
import type { Json } from "#core/json"
import "#durable/kit/crashpoint"
import { passIn } from "#durable/kit/pass"
import { TenantObject } from "#durable/kit/tenant-object"
import { viewerOf } from "#durable/kit/viewers"
import type { ActiveExecution } from "./active.ts"
import { Entrance } from "./entrance.ts"
import { Eraser } from "./eraser.ts"
import { Lane } from "./lane.ts"
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
import { approvalOf, executionOf, nodesOf, summaryOf, withinReach } from "./view.ts"
import { within } from "./within.ts"

/** More at once than this and the lane says so, before a journal is begun, so that the Worker takes another. */
const mostActive = 2_000
const keyLifeMs = 24 * 3_600_000
/** Characters of the journal that one answer carries: calls between objects and Workers take 32 MiB. */
const mostPageLength = 4_194_304
/** Bytes of a state, for the same reason, and with room for what goes beside it. */
const mostStateBytes = 29_360_128
/** How long whoever cancels is kept waiting for a call that does not end. */
const cancelWaitMs = 5_000

/**
 * Coordinates the executions of one lane of a tenant, each with its own journal; alone in its object when lanes are per
 * execution. The rules are core's; this wires them to storage, alarms, viewers and ports.
 */
export abstract class ExecutionObject<E = unknown> extends TenantObject<E> {
  private readonly lane: Lane
  private readonly eraser: Eraser
  private readonly entrance: Entrance
  private outside: ExecutionPorts | undefined

  /** What executions ask of the outside world. The Worker supplies it. */
  protected abstract ports(): ExecutionPorts

  constructor(ctx: DurableObjectState, env: E) {
    super(ctx, env)
    const world = lazily(() => (this.outside ??= this.ports()))
    this.lane = new Lane(ctx, world)
    const { lane } = this
    this.entrance = new Entrance({
      lane: ctx.id.toString(),
      port: world.entry,
      tenant: () => lane.store.tenant(),
      size: () => lane.size,
      waiting: () => lane.admission.waiting,
      line: () => lane.admission.line,
      fill: (hasPlace) => lane.admission.fill(() => lane.size < mostActive && hasPlace()),
      isHeld: (tenant) => world.isHeld(tenant),
      now: () => world.now(),
    })
    lane.admission.onRoom = () => this.entrance.freed()
    this.attend()
    this.eraser = new Eraser({
      sql: ctx.storage.sql,
      archive: lane.archive,
      lastSeq: (id) => lane.lastSeq(id),
      isOver: (id) => lane.isOver(id),
    })
  }

  /** Begins an execution and, when asked to, waits for its end. The same key and digest begin one only. */
  async start(request: StartRequest): Promise<Outcome<Started>> {
    const { store } = this.lane
    const { execution_id: id, idempotency, wait_ms: waitMs } = request
    store.open(request.tenant)
    const now = Date.parse(this.lane.stamp())
    const known = idempotency && store.started(idempotency.key, now)
    if (known && known.digest !== idempotency.digest) return refused("idempotency.mismatch")
    if (known) {
      await this.lane.unshelve(known.execution)
      return this.answer(known.execution, waitMs)
    }
    if (this.lane.size >= mostActive) return refused("execution.overloaded", { retryAfterSeconds: 1 })
    const plan = this.lane.plans.of(request.definition, request.graph)
    if (!plan) return done({ is: "definition_missing" })
    const taken = this.entrance.take()
    if (!taken) {
      // An object of its own would ask by itself whether its turn has come, each of a thousand: there a start is refused instead.
      const more = await this.entrance.more(this.lane.admission.headOf(request), laneOf(id) !== "own")
      // Others have come in meanwhile, perhaps with the same key.
      return more.ok ? this.start(request) : more
    }
    if (idempotency) store.keepKey(idempotency.key, idempotency.digest, id, now + keyLifeMs)
    const { run, advanced } = this.lane.begin(request, plan, taken === "waits")
    if (advanced && waitMs > 0) await advanced
    else this.lane.keep(run)
    globalThis.crashpoint?.("after-queued", id)
    return this.answer(id, waitMs, run)
  }

  private async answer(
    id: ExecutionId,
    waitMs: number,
    run = this.lane.running(id),
  ): Promise<Outcome<Started>> {
    const isOver = run ? isSettled(run.state.status) : this.lane.isOver(id)
    if (waitMs > 0 && !isOver) await this.lane.waiters.ended(id, waitMs)
    // Whoever rested meanwhile has gone on as another object.
    const isWhole = run && isSettled(run.state.status) && !run.isForsaken
    const known = isWhole ? run : this.lane.find(id)
    if (!known) throw new Error("The execution could not be written down.")
    const { state } = known
    return done({
      is: "started",
      execution_id: id,
      status: state.status,
      ...(state.outputs === undefined ? {} : { outputs: state.outputs }),
      ...(state.error === undefined ? {} : { error: state.error }),
    })
  }

  /** One execution with its nodes and logs. */
  async get(id: ExecutionId): Promise<Outcome<ExecutionPage>> {
    await this.lane.unshelve(id)
    const run = this.lane.find(id)
    if (!run) return refused("execution.not_found")
    return done({
      execution: executionOf(id, run.state, run.plan),
      nodes: withinReach(nodesOf(run.state, run.plan)),
      logs: run.state.logs,
    })
  }

  /** The journal after an event. */
  async events(
    id: ExecutionId,
    after: number,
    most: number,
  ): Promise<Outcome<{ events: ExecutionEvent[]; has_more: boolean }>> {
    await this.lane.unshelve(id)
    const last = this.lane.lastSeq(id)
    if (last === undefined) return refused("execution.not_found")
    const events: ExecutionEvent[] = []
    let size = 0
    for (let seq = after; events.length < most && seq < last; seq = events.at(-1)!.seq) {
      const rows = size < mostPageLength ? this.lane.rowsAfter(id, seq, 262_144) : []
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
    await this.lane.unshelve(id)
    const run = this.lane.find(id)
    if (!run) return refused("execution.not_found")
    if (isSettled(run.state.status))
      return refused("execution.settled", { detail: `This execution has ended: ${run.state.status}.` })
    const cancelled = this.lane.cancel(run, actor)
    await within(cancelled, cancelWaitMs)
    return done(summaryOf(id, run.state))
  }

  /** The graph that it executes, frozen when it began. */
  async frozen(id: ExecutionId): Promise<Outcome<string>> {
    await this.lane.unshelve(id)
    const run = this.lane.find(id)
    return run ? done(this.lane.store.definition(run.state.definition)) : refused("execution.not_found")
  }

  /** What is needed to begin the same again, or to go another way from some step on. */
  async recall(id: ExecutionId): Promise<Outcome<Recalled>> {
    await this.lane.unshelve(id)
    const run = this.lane.find(id)
    if (!run) return refused("execution.not_found")
    const { flow_id, flow_name, flow_version, definition, inputs, timeout_ms, pinned, status } = run.state
    const graph = this.lane.store.definition(definition)
    // What expressions saw stands in the outputs already.
    const state = JSON.stringify({ ...run.state, values: {}, logs: [] })
    if (bytesOf(state) > mostStateBytes) return refused("execution.too_large")
    return done({
      flow: { id: flow_id, name: flow_name, version: flow_version },
      definition,
      graph,
      inputs,
      timeout_ms,
      pinned,
      status,
      state,
    })
  }

  /** One question. */
  async approval(id: ExecutionId, approvalId: string): Promise<Outcome<Approval>> {
    await this.lane.unshelve(id)
    const run = this.lane.find(id)
    if (!run) return refused("execution.not_found")
    const node = askedBy(run, approvalId)
    const approval = node && approvalOf(id, run.state, node)
    return approval ? done(approval) : refused("approval.not_found")
  }

  /** The question that a step asks now, or asked last; for whoever holds a link that names the step. */
  async asked(id: ExecutionId, key: string): Promise<Outcome<Approval>> {
    await this.lane.unshelve(id)
    const run = this.lane.find(id)
    if (!run) return refused("execution.not_found")
    const node = run.state.nodes[key]
    const approval = node && approvalOf(id, run.state, node)
    return approval ? done(approval) : refused("approval.not_found")
  }

  answerApproval(id: ExecutionId, approvalId: string, answer: ApprovalAnswer): Promise<Outcome<Approval>> {
    return this.told(id, (run) => {
      const known = askedBy(run, approvalId)
      const taken = answerApproval(run, known, answer, this.lane.stamp())
      return taken.ok ? done(approvalOf(id, run.state, run.state.nodes[keyOf(known!)]!)!) : taken
    })
  }

  callback(id: ExecutionId, key: string, body: Json): Promise<Outcome<ExecutionSummary>> {
    return this.told(id, (run) => {
      const taken = takeCallback(run, key, body, this.lane.stamp())
      return taken.ok ? done(summaryOf(id, run.state)) : taken
    })
  }

  resolve(id: ExecutionId, resolution: Resolution): Promise<Outcome<ExecutionSummary>> {
    return this.told(id, (run) => {
      const fail = (node: { node_id: string; scope: string; attempt: number }) =>
        this.lane.conductor.giveUp(run, node)
      const taken = resolveStep(run, resolution, fail, this.lane.stamp())
      return taken.ok ? done(summaryOf(id, run.state)) : taken
    })
  }

  /** Something from outside: written down with what it says, then execution goes on. */
  private async told<T>(id: ExecutionId, say: (run: ActiveExecution) => Outcome<T>): Promise<Outcome<T>> {
    await this.lane.unshelve(id)
    const run = this.lane.find(id)
    if (!run) return refused("execution.not_found")
    const outcome = say(run)
    if (outcome.ok) {
      this.lane.keep(run)
      void this.lane.goOn(run)
    }
    return outcome
  }

  /** Looks at one execution that may have been forgotten; the sweeper's word. */
  async poke(id: ExecutionId): Promise<void> {
    const run = this.lane.lastSeq(id) === undefined || this.lane.isOver(id) ? undefined : this.lane.take(id)
    if (run) await this.lane.wake(run)
  }

  /** Brings to the index what is on its way there; false when that failed. */
  async flush(): Promise<boolean> {
    return !this.lane.store.isOpen || this.lane.outbox.flush()
  }

  /** Forgets an execution that has ended. False: not yet, for it is still on its way to the index. */
  erase(id: ExecutionId): Promise<Outcome<boolean>> {
    return this.eraser.erase(id)
  }

  /** Streams: `/<execution id>?after=N`, as server-sent events or, on upgrade, a WebSocket. The Worker has checked who asks. */
  override async fetch(request: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url)
    const id = pathname.slice(1) as ExecutionId
    await this.lane.unshelve(id)
    const last = this.lane.lastSeq(id)
    if (last === undefined) return new Response(null, { status: 404 })
    // Whoever claims to have seen what was never told is shown what comes next.
    const after = Math.min(Number(searchParams.get("after") ?? 0), last)
    const viewer = viewerOf(searchParams)
    if (request.headers.get("upgrade") === "websocket")
      return this.lane.viewers.accept(id, after, viewer, passIn(request))
    if (this.lane.isOver(id) && after >= last) return new Response(null, { status: 204 })
    return new Response(this.lane.viewers.stream(id, after, viewer), {
      headers: {
        "content-type": "text/event-stream",
        "cache-control": "no-store",
        "x-accel-buffering": "no",
      },
    })
  }

  override webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): void {
    this.lane.viewers.heard(socket, message)
  }

  /** Never throws: after seven failures workerd would drop the alarm without a trace. */
  override async alarm(): Promise<void> {
    if (!this.lane.store.isOpen) return
    await this.lane.alarm()
    this.attend()
  }

  /** Sees to it that what is under way stays counted, and that those who wait find a place. */
  private attend(): void {
    if (this.lane.size > 0) this.entrance.look()
    this.entrance.seekIn(0)
  }

  override webSocketClose(socket: WebSocket, code: number): void {
    // 1005 and 1006 say that no code came; they may not be sent.
    socket.close(code === 1005 || code === 1006 ? 1000 : code)
    this.lane.viewers.gone(socket)
  }
}

/** What a text takes on its way between an object and a Worker: one sign beyond Latin-1 makes every sign take two bytes. */
const bytesOf = (text: string): number => (/[^\0-\xff]/.test(text) ? 2 : 1) * text.length

const keyOf = (node: { node_id: string; scope: string }): string => nodeKey(node.node_id, node.scope)

/** Ports are made at first use: an abstract method may not be called while the class is being built. */
const lazily = (ports: () => ExecutionPorts): ExecutionPorts => ({
  agentTurn: (tenant, agentId, perMinute) => ports().agentTurn(tenant, agentId, perMinute),
  entry: {
    enter: (tenant, ask) => ports().entry.enter(tenant, ask),
    leave: (tenant, count) => ports().entry.leave(tenant, count),
  },
  callModel: (request, signal, chosen, failed) => ports().callModel(request, signal, chosen, failed),
  callHttp: (request, signal) => ports().callHttp(request, signal),
  callMcp: (call, signal, log) => ports().callMcp(call, signal, log),
  runProgram: (call, signal, log) => ports().runProgram(call, signal, log),
  price: (choice, usage) => ports().price(choice, usage),
  memory: {
    recall: (tenant, holder, text, most) => ports().memory.recall(tenant, holder, text, most),
    remember: (tenant, holder, text, learned) => ports().memory.remember(tenant, holder, text, learned),
  },
  addressToken: (purpose, tenant, id, key) => ports().addressToken(purpose, tenant, id, key),
  follow: (tenant, ended) => ports().follow(tenant, ended),
  record: (tenant, rows) => ports().record(tenant, rows),
  archive: {
    put: (name, text) => ports().archive.put(name, text),
    get: (name) => ports().archive.get(name),
    delete: (name) => ports().archive.delete(name),
  },
  journalDays: () => ports().journalDays(),
  isHeld: (tenant) => ports().isHeld(tenant),
  mayStay: (tenant, passes) => ports().mayStay(tenant, passes),
  now: () => ports().now(),
})
