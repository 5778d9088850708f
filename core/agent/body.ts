import type { FlowEdge, FlowGraph, FlowNode } from "#core/flow/graph"
import type { JsonObject } from "#core/json"
import type { AgentAtWork, Delegate } from "./at-work.ts"
import {
  flowOfTool,
  question as questionId,
  questionOfFlow,
  questionOfOthers,
  wantsOthers,
} from "./questions.ts"
import { flowNode, questionFor } from "./tool-node.ts"
import { delegateNode } from "./tools.ts"

const node = (
  id: string,
  type: string,
  place: number,
  data: JsonObject,
  more: Partial<FlowNode> = {},
): FlowNode => ({
  id,
  type,
  position: { x: place * 260, y: 0 },
  data,
  ...more,
})

const edge = (source: string, target: string, handle: string): FlowEdge => ({
  id: `${source}.${handle}-${target}`,
  source,
  target,
  source_handle: handle,
})

/** Calls of one turn that are made at the same time. */
const callsAtOnce = 5
/** A vendor that is busy is asked again before an agent gives up. */
const patience: JsonObject = { max_attempts: 3, backoff_ms: 1_000, factor: 2 }

/**
 * One turn of an agent as a flow: the agent thinks; each call that it asks for is checked, a person is asked where the tool says
 * so, and the tool or the colleague does it. What fails goes back to the agent as an answer.
 */
export function turnGraph(work: AgentAtWork): FlowGraph {
  const flows = work.tools.filter((one) => one.kind === "flow")
  const asked = work.tools.filter((one) => one.needs_approval && one.kind !== "flow")
  const asks = asked.length > 0
  const asksOthers = asked.some(wantsOthers)
  const routes = [
    "call",
    ...(asks ? [questionId] : []),
    ...(asksOthers ? [questionOfOthers] : []),
    ...flows.map(({ name, needs_approval }) => (needs_approval ? questionOfFlow(name) : flowOfTool(name))),
    ...work.delegates.map((one) => delegateNode(one.position)),
  ]
  const inside = { parent_id: "calls" }
  const nodes: FlowNode[] = [
    node("think", "think", 0, { retry: patience }, { label: work.agent.name }),
    node("calls", "map", 1, {
      items: "nodes.think.tool_calls",
      concurrency: callsAtOnce,
      on_item_error: "fail",
    }),
    node("check", "check", 0, { routes: routes.map((id) => ({ id, label: id })) }, inside),
    node("call", "call", 2, { on_error: "route" }, inside),
    node("failed", "transform", 3, { value: "incoming" }, inside),
    ...work.delegates.map((one, i) => colleague(one, i + 3)),
    ...flows.map((one) => flowNode(flowOfTool(one.name), one, { ...inside, data: { on_error: "route" } })),
  ]
  const edges = [
    edge("think", "calls", "calls"),
    edge("check", "call", "call"),
    edge("call", "failed", "error"),
    ...work.delegates.flatMap(({ position }) => [
      edge("check", delegateNode(position), delegateNode(position)),
      edge(delegateNode(position), "failed", "error"),
    ]),
  ]
  const ask = (id: string, then: string, byOthers: boolean) => {
    nodes.push(node(id, "approval", 1, question(work, byOthers), inside))
    edges.push(edge("check", id, id), edge(id, then, "allow"))
  }
  if (asks) ask(questionId, "call", false)
  if (asksOthers) ask(questionOfOthers, "call", true)
  for (const tool of flows) {
    const flow = flowOfTool(tool.name)
    if (tool.needs_approval) ask(questionOfFlow(tool.name), flow, wantsOthers(tool))
    else edges.push(edge("check", flow, flow))
    edges.push(edge(flow, "failed", "error"))
  }
  return { nodes, edges, settings: {} }
}

const colleague = ({ position, agent, max_cost_micros }: Delegate, place: number): FlowNode =>
  node(
    delegateNode(position),
    "agent",
    place,
    {
      agent_id: agent.agent_id,
      position,
      task: "{{ item.arguments.task }}{{ item.arguments.context ? '\n\nWhat you should know:\n' & item.arguments.context }}",
      on_error: "route",
      ...(max_cost_micros === undefined ? {} : { max_cost_micros }),
    },
    { parent_id: "calls", label: agent.name },
  )

/** What a person is asked before a call: the tool and its arguments, as they will be sent. */
const question = ({ agent }: AgentAtWork, byOthers: boolean): JsonObject =>
  questionFor(`${plain(agent.name)}: {{ item.name }}?`, "item.arguments", byOthers)

/** A name that stands in a template and is none. */
const plain = (text: string): string => text.replaceAll("{{", "{ {")
