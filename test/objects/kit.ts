import { env } from "cloudflare:workers"
import type { Outcome } from "#core/errors"
import type { ExecutionEvent } from "#core/execution/event"
import type { FrozenGraph } from "#core/flow/frozen"
import type { FlowEdge, FlowGraph, FlowNode } from "#core/flow/graph"
import { executionId, type ExecutionId, type TenantId } from "#core/ids"
import type { JsonObject } from "#core/json"
import type { Started, StartRequest } from "#durable/execution/messages"
import type { ExecutionLane } from "#worker/stubs"
import { answerOf, type Env } from "./worker.ts"

export const chance = (bytes: number) => crypto.getRandomValues(new Uint8Array(bytes))
export const node = (id: string, type: string, data: JsonObject = {}): FlowNode => ({
  id,
  type,
  position: { x: 0, y: 0 },
  data,
})
export const edge = (source: string, target: string, handle?: string): FlowEdge => ({
  id: `${source}-${target}-${handle}`,
  source,
  target,
  ...(handle ? { source_handle: handle } : {}),
})

export const pure: FlowGraph = {
  nodes: [
    node("in", "input"),
    node("shout", "transform", { value: "$uppercase(input.text)" }),
    node("out", "output"),
  ],
  edges: [edge("in", "shout"), edge("shout", "out")],
  settings: {},
}
export const asking = (prompt: string, more: JsonObject = {}): FlowGraph => ({
  nodes: [node("in", "input"), node("ask", "llm", { prompt, ...more }), node("out", "output")],
  edges: [edge("in", "ask"), edge("ask", "out")],
  settings: {},
})

let lane = 0
export const tenant = { id: "tenant_01JD0000000000000000000000" as TenantId, slot: "TENANT_DB_000" }
export const { EXECUTION } = env as unknown as Env
export const freshStub = () => EXECUTION.get(EXECUTION.idFromName(`t/${lane++}`))
export type Stub = ReturnType<typeof freshStub>
export const laneOf = (stub: Stub) => stub as unknown as ExecutionLane

export function request(
  graph: FrozenGraph,
  inputs: JsonObject,
  more: Partial<StartRequest> = {},
): StartRequest {
  const text = JSON.stringify(graph)
  return {
    tenant,
    execution_id: executionId(0, Date.now(), chance),
    flow: { id: "flow_01JD0000000000000000000000", name: "Test", version: 1 },
    definition: text.length + text,
    graph: text,
    actor: "user_x",
    inputs,
    timeout_ms: 3_600_000,
    wait_ms: 5_000,
    ...more,
  }
}

export function started(outcome: Outcome<Started>) {
  if (!outcome.ok || outcome.value.is !== "started") throw new Error(JSON.stringify(outcome))
  return outcome.value
}
export const start = async (
  stub: Stub,
  graph: FrozenGraph,
  inputs: JsonObject = {},
  more: Partial<StartRequest> = {},
) => started(await laneOf(stub).start(request(graph, inputs, more)))

export async function journal(stub: Stub, id: ExecutionId): Promise<ExecutionEvent[]> {
  const outcome = await laneOf(stub).events(id, 0, 10_000)
  if (!outcome.ok) throw new Error(outcome.code)
  return outcome.value.events
}

export async function until(what: () => boolean | Promise<boolean>, ms = 5_000): Promise<void> {
  for (const end = Date.now() + ms; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 5)))
    if (await what()) return
  throw new Error("it did not happen in time")
}

/** A model that waits until the test lets it go on, or until it is aborted. */
export function gated(...chunks: string[]) {
  const { promise, resolve } = Promise.withResolvers<void>()
  let aborted = false
  const model = async function* (signal: AbortSignal) {
    yield { type: "started", model: "fake" } as const
    yield { type: "delta", text: chunks[0]! } as const
    const stop = new Promise((_, reject) => {
      signal.addEventListener("abort", () => {
        aborted = true
        reject(signal.reason)
      })
    })
    await Promise.race([promise, stop])
    yield* answerOf(...chunks)
  }
  return { model, open: resolve, wasAborted: () => aborted }
}
