import type { ExecutionEvent } from "#core/execution/event"
import { nextDue } from "#core/execution/next"
import type { ApprovalState, ExecutionState } from "#core/execution/state"
import { isSettled } from "#core/execution/status"
import { StepFailure } from "#core/execution/steps/failure"
import type { FrozenGraph } from "#core/flow/frozen"
import { planOf } from "#core/flow/plan"
import { executionId, type TenantId } from "#core/ids"
import type { Json, JsonObject } from "#core/json"
import { runBuiltin } from "#core/llm/builtin/builtin"
import type { ModelEvent } from "#core/llm/event"
import { ProgramFailure } from "#core/tool/program"
import { ActiveExecution } from "#durable/execution/active"
import { Conductor } from "#durable/execution/conductor"
import type { CallHttp } from "#durable/execution/http-port"
import { answerApproval, takeCallback } from "#durable/execution/people"
import type { RunProgram } from "#durable/execution/program-port"
import type { ExecutionPorts, ModelRequest } from "#durable/execution/ports"
import { queuedEvent } from "#durable/execution/queued"
import { uncounted } from "./uncounted.ts"

/** What the outside does in a simulation; what is left out is done by the builtin model, by nobody, or not at all. */
export type Outside = {
  model?: (request: ModelRequest, signal: AbortSignal) => AsyncIterable<ModelEvent>
  http?: CallHttp
  program?: RunProgram
  /** What a person says when asked; undefined lets the time pass. */
  answer?: (asked: ApprovalState) => { button: string; form?: JsonObject } | undefined
  /** The body with which a waiting step is called, by its key; undefined lets the time pass. */
  call?: (key: string) => Json | undefined
  timeout_ms?: number
  pinned?: JsonObject
}

const tenant = { id: "tenant_01JD0000000000000000000000" as TenantId, slot: "TENANT_DB_000" }
const chance = (bytes: number): Uint8Array => new Uint8Array(bytes)

async function* builtin({ call }: ModelRequest): AsyncIterable<ModelEvent> {
  const { text, object, finish_reason, usage } = runBuiltin({ ...call, model: "builtin" })
  yield { type: "started", model: "builtin" }
  yield { type: "delta", text }
  yield { type: "finished", text, ...(object === undefined ? {} : { object }), finish_reason, usage }
}

/** An address as the egress guard treats one that it does not let through. */
const refused: CallHttp = ({ url }) =>
  Promise.reject(
    /^https?:\/\//.test(url)
      ? new StepFailure("http.refused_address", "Calls to this address are not allowed.")
      : new StepFailure("http.bad_url", "This is no address."),
  )

/** A machine without a sandbox. */
const unavailable: RunProgram = () => Promise.reject(new ProgramFailure("sandbox.unavailable"))

/**
 * Carries a flow out with the product's own conductor, in memory and on a clock of its own: nothing is written, and a wait of a
 * year takes no time. Answers with the whole journal when the execution has ended.
 */
export async function simulate(
  graph: FrozenGraph,
  inputs: JsonObject,
  outside: Outside = {},
): Promise<{ state: ExecutionState; events: ExecutionEvent[] }> {
  let now = Date.parse("2026-11-21T09:00:00.000Z")
  const events: ExecutionEvent[] = []
  const ports = portsOf(outside, () => now)
  const conductor = new Conductor({
    ports,
    tenant: () => tenant,
    keep: (one) => void events.push(...one.takePending()),
    stream: () => {},
    wakeAt: () => {},
    chance,
  })
  const id = executionId(0, now, chance)
  const run = new ActiveExecution(id, planOf(graph), () => undefined)
  const stamp = () => new Date(now).toISOString()
  const { timeout_ms = 3_600_000, pinned } = outside
  const flow = { id: "flow_01JD0000000000000000000000", name: "Simulated", version: 1 }
  const asked = { tenant, execution_id: id, flow, definition: "d", actor: "user_a", inputs, timeout_ms }
  run.emit(queuedEvent({ ...asked, pinned, wait_ms: 0 }), stamp())
  run.emit({ type: "execution.started", data: {} }, stamp())
  for (;;) {
    await conductor.advance(run)
    if (isSettled(run.state.status)) return { state: run.state, events }
    if (run.effects.size > 0 || run.advancing) {
      // What has ended may be going on by itself; then there is nothing to hold on to but time.
      if (run.effects.size > 0) await Promise.race([...run.effects.values()].map((one) => one.ended))
      await new Promise((resolve) => setTimeout(resolve, 0))
      continue
    }
    if (speak(run, outside, stamp())) continue
    const due = nextDue(run.state)
    if (due === undefined) throw new Error(`It is ${run.state.status}, and nothing will ever happen.`)
    now = Math.max(now, due)
  }
}

function portsOf(outside: Outside, now: () => number): ExecutionPorts {
  return {
    async *callModel(request, signal, chosen) {
      chosen({ provider_type: "builtin", provider_id: undefined, model: "builtin" })
      yield* (outside.model ?? builtin)(request, signal)
    },
    callHttp: outside.http ?? refused,
    callMcp: () => Promise.reject(new Error("no simulation calls an MCP server")),
    runProgram: outside.program ?? unavailable,
    price: () => 0,
    addressToken: (purpose, _, __, key) => Promise.resolve(`${purpose}~${key}`),
    agentTurn: () => Promise.resolve(now()),
    entry: uncounted,
    memory: { recall: () => Promise.resolve([]), remember: () => Promise.resolve() },
    follow: () => Promise.resolve(),
    record: () => Promise.resolve(),
    archive: {
      put: () => Promise.resolve(),
      get: () => Promise.resolve(undefined),
      delete: () => Promise.resolve(),
    },
    mayStay: async (_, passes) => passes.map(() => true),
    journalDays: () => 0,
    isHeld: () => false,
    now,
  }
}

/** Lets one person answer, or one caller call; false when nobody has anything to say. */
function speak(run: ActiveExecution, { answer, call }: Outside, at: string): boolean {
  for (const [key, node] of Object.entries(run.state.nodes)) {
    if (node.status !== "waiting") continue
    if (node.waiting_for === "approval" && node.approval) {
      const said = answer?.(node.approval)
      const by = { actor: "user_a", names: ["user_a"] }
      if (said && answerApproval(run, node, { ...said, by }, at).ok) return true
    }
    if (node.waiting_for === "callback") {
      const body = call?.(key)
      if (body !== undefined && takeCallback(run, key, body, at).ok) return true
    }
  }
  return false
}
