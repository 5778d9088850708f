import { Failure } from "#core/errors"
import type { Callee, FlowGraph } from "#core/flow/graph"
import { calleeKey, mostFlowDepth, SubflowData } from "#core/flow/kinds/subflow"
import type { FlowId } from "#core/ids"
import type { Ctx } from "#worker/context"
import * as flows from "#worker/db/flows"

const mostCallees = 50

type Chain = { flow: FlowId; name: string; before: Chain | undefined; depth: number }

/** Every flow that a graph calls, directly or by others, as it is published now: what an execution is pinned to. */
export async function calleesOf(
  ctx: Ctx,
  id: FlowId,
  name: string,
  graph: FlowGraph,
): Promise<Record<string, Callee>> {
  const found: Record<string, Callee> = {}
  await collect(ctx, graph, { flow: id, name, before: undefined, depth: 0 }, found)
  return found
}

async function collect(
  ctx: Ctx,
  graph: FlowGraph,
  chain: Chain,
  found: Record<string, Callee>,
): Promise<void> {
  for (const node of graph.nodes) {
    if (node.type !== "subflow") continue
    const data = SubflowData.parse(node.data)
    const refuse = (message: string): never => {
      throw new Failure("flow.invalid", {
        detail: `The flow cannot be executed: ${message}`,
        errors: [{ path: `${node.id}.flow_id`, message }],
      })
    }
    for (let caller: Chain | undefined = chain; caller; caller = caller.before) {
      if (caller.flow === data.flow_id)
        refuse(`${caller.name} would call itself by ${chain.name}, without end.`)
    }
    if (chain.depth + 1 > mostFlowDepth) refuse(`Flows may call each other ${mostFlowDepth} deep at most.`)
    const key = calleeKey(data)
    const known = found[key]
    const callee = known ?? (await calleeOf(ctx, data, refuse))
    found[key] = callee
    if (Object.keys(found).length > mostCallees) refuse(`A flow calls ${mostCallees} others at most.`)
    const next = { flow: data.flow_id, name: callee.name, before: chain, depth: chain.depth + 1 }
    await collect(ctx, callee.graph, next, found)
  }
}

async function calleeOf(ctx: Ctx, data: SubflowData, refuse: (message: string) => never): Promise<Callee> {
  const flow = (await flows.byId(ctx.db, data.flow_id)) ?? refuse("The flow that it calls does not exist.")
  const number = data.version ?? flow.published_version
  if (number === null) {
    return refuse(`${flow.name} has no published version. Publish it, so that others can call it.`)
  }
  const version =
    (await flows.versionOf(ctx.db, flow.id, number)) ?? refuse(`${flow.name} has no version ${number}.`)
  return { flow_id: flow.id, name: flow.name, version: number, graph: version.graph }
}
