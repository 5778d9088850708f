import { before, carryOver, given, unfinished } from "#core/execution/carry-over"
import { stateFrom, type ExecutionState } from "#core/execution/state"
import { isSettled } from "#core/execution/status"
import type { FlowGraph, FlowNode } from "#core/flow/graph"
import { planOf } from "#core/flow/plan"
import type { ExecutionId } from "#core/ids"
import type { Json, JsonObject } from "#core/json"
import type { StartRequest } from "#durable/execution/messages"
import { edge, journal, laneOf, node, start, until, type Stub } from "./kit.ts"
import { world } from "./worker.ts"

export const inside = (parent: string, one: FlowNode): FlowNode => ({ ...one, parent_id: parent })
export const graph = (nodes: FlowNode[], edges: FlowGraph["edges"]): FlowGraph => ({
  nodes,
  edges,
  settings: {},
})

/** How often an address was asked, by what was sent to it. */
export function counted(path: string, answer: (body: unknown, times: number) => unknown = (body) => body) {
  const sent = new Map<string, number>()
  world.addresses.set(path, (asked) => {
    const key = JSON.stringify(asked.body ?? null)
    const times = (sent.get(key) ?? 0) + 1
    sent.set(key, times)
    const body = answer(asked.body, times) as null
    return Promise.resolve({ status: 200, headers: {}, body, duration_ms: 1, final_url: asked.url })
  })
  return sent
}
export const put = (id: string, path: string, body: string, more: JsonObject = {}) =>
  node(id, "http", { method: "PUT", url: `https://x.test${path}`, body, ...more })

/** input, then each node after the other, then output. */
export const chain = (...nodes: FlowNode[]): FlowGraph => {
  const all = [node("in", "input"), ...nodes.filter((one) => !one.parent_id), node("out", "output")]
  return graph(
    [...all, ...nodes.filter((one) => one.parent_id)],
    all.slice(1).map((one, i) => edge(all[i]!.id, one.id)),
  )
}

export const pageOf = async (stub: Stub, id: ExecutionId) => {
  const page = await laneOf(stub).get(id)
  if (!page.ok) throw new Error(page.code)
  return page.value
}
export const statusOf = async (stub: Stub, id: ExecutionId) => (await pageOf(stub, id)).execution.status
export const settled = async (stub: Stub, id: ExecutionId) => {
  await until(async () => isSettled(await statusOf(stub, id)))
  return (await pageOf(stub, id)).execution
}

export async function recalled(stub: Stub, id: ExecutionId): Promise<ExecutionState> {
  const outcome = await laneOf(stub).recall(id)
  if (!outcome.ok) throw new Error(outcome.code)
  return stateFrom(outcome.value.state)
}

type More = Partial<StartRequest>

/** What POST /fork does, with the object alone. */
export async function fork(
  stub: Stub,
  of: FlowGraph,
  id: ExecutionId,
  key: string,
  data?: Json,
  more: More = {},
) {
  const state = await recalled(stub, id)
  const plan = planOf(of)
  const step = state.nodes[key]
  if (!step) throw new Error(`no step ${key}`)
  const seed = [
    ...carryOver(state, plan, before(plan, step)),
    ...(data === undefined ? [] : given(plan, step, data)),
  ]
  return start(stub, of, state.inputs, { seed, fork_of: id, pinned: state.pinned, ...more })
}

/** What POST /retry does from the failed step. */
export async function retry(stub: Stub, of: FlowGraph, id: ExecutionId, more: More = {}) {
  const state = await recalled(stub, id)
  const seed = carryOver(state, planOf(of), unfinished)
  return start(stub, of, state.inputs, { seed, retry_of: id, ...more })
}

/** Keys of the nodes that were done in an execution, and not taken over. */
export async function doneIn(stub: Stub, id: ExecutionId): Promise<string[]> {
  const events = await journal(stub, id)
  return events.flatMap((event) =>
    event.type === "node.succeeded" && !event.data.reused
      ? [event.scope ? `${event.scope}/${event.node_id}` : event.node_id]
      : [],
  )
}
