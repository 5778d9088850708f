import type { FlowEdge, FlowGraph, FlowNode } from "#core/flow/graph"
import type { JsonObject } from "#core/json"
import type { AgentAtWork, Delegate } from "./at-work.ts"
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
  const asks = work.tools.some((one) => one.needs_approval)
  const routes = [
    "call",
    ...(asks ? ["ask"] : []),
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
  if (asks) {
    nodes.push(node("ask", "approval", 1, question(work), inside))
    edges.push(edge("check", "ask", "ask"), edge("ask", "call", "allow"))
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
const question = ({ agent }: AgentAtWork): JsonObject => ({
  title: `${plain(agent.name)}: {{ item.name }}?`,
  // Fenced, since what a model wrote is no Markdown; no line of JSON can close the fence.
  message: "```json\n{{ $string(item.arguments, true) }}\n```",
  buttons: [
    { id: "allow", label: "Allow" },
    { id: "refuse", label: "Refuse" },
  ],
  form_schema: {
    type: "object",
    properties: { comment: { type: "string", title: "Comment", maxLength: 4_000 } },
  },
})

/** A name that stands in a template and is none. */
const plain = (text: string): string => text.replaceAll("{{", "{ {")
