import type { Approval } from "#core/contract/approvals"
import type { Execution, ExecutionNode, ExecutionSummary } from "#core/contract/executions"
import type { AgentDefinition } from "#core/agent/agent"
import type { CrewDefinition } from "#core/crew/crew"
import type { ToolDefinition } from "#core/tool/tool"
import type { Callee } from "#core/flow/graph"
import type { Plan } from "#core/flow/plan"
import type { ExecutionId } from "#core/ids"
import type { ExecutionEvent } from "#core/execution/event"
import { incomingOf } from "#core/execution/values"
import { nodeKey, type ExecutionState, type NodeState } from "#core/execution/state"
import { isSettled } from "#core/execution/status"

const span = (from: string | undefined, to: string | undefined): number | null =>
  from === undefined || to === undefined ? null : Date.parse(to) - Date.parse(from)

/** The row that lists show. */
export function summaryOf(id: ExecutionId, state: ExecutionState): ExecutionSummary {
  return {
    id,
    flow_id: state.flow_id,
    flow_name: state.flow_name,
    flow_version: state.flow_version,
    status: state.status,
    actor: state.actor,
    error: state.error ?? null,
    created_at: state.created_at ?? "",
    started_at: state.started_at ?? null,
    finished_at: state.finished_at ?? null,
    duration_ms: span(state.started_at, state.finished_at),
    input_tokens: state.input_tokens,
    output_tokens: state.output_tokens,
    cost_micros: state.cost_micros,
  }
}

export function executionOf(id: ExecutionId, state: ExecutionState, plan: Plan): Execution {
  const { nodes, edges, input_schema, callees, agents, crews, tools } = plan.graph
  return {
    ...summaryOf(id, state),
    inputs: state.inputs,
    outputs: state.outputs ?? null,
    retry_of: (state.retry_of ?? null) as ExecutionId | null,
    fork_of: (state.fork_of ?? null) as ExecutionId | null,
    replay_of: (state.replay_of ?? null) as ExecutionId | null,
    last_seq: state.seq,
    graph: {
      nodes,
      edges,
      ...(input_schema === undefined ? {} : { input_schema }),
      ...(callees === undefined ? {} : { callees: drawnOf(callees) }),
      ...(agents === undefined ? {} : { agents: mapped(agents, shownAgent) }),
      ...(crews === undefined ? {} : { crews: mapped(crews, shownCrew) }),
      ...(tools === undefined ? {} : { tools: mapped(tools, shownTool) }),
    },
  }
}

/** The called flows as a page draws them. */
const drawnOf = (callees: Record<string, Callee>) =>
  Object.fromEntries(
    Object.entries(callees).map(([key, { graph, ...callee }]) => [
      key,
      { ...callee, graph: { nodes: graph.nodes, edges: graph.edges } },
    ]),
  )

const mapped = <T, U>(record: Record<string, T>, show: (one: T) => U): Record<string, U> =>
  Object.fromEntries(Object.entries(record).map(([key, one]) => [key, show(one)]))

/** An agent as a page draws its turns: its words to the model and the insides of its tools stay here. */
const shownAgent = (agent: AgentDefinition) => ({
  ...agent,
  system_prompt: "",
  backstory: "",
  tools: agent.tools.map(shownTool),
})

const shownTool = ({ id, kind, name, description, risk, needs_approval }: ToolDefinition) => ({
  id,
  kind,
  name,
  description,
  risk,
  needs_approval,
})

const shownCrew = (crew: CrewDefinition) => ({
  ...crew,
  members: crew.members.map(({ position, agent }) => ({ position, agent: shownAgent(agent) })),
})

/** Every node that the execution has come to: the root's in the order of the plan, then those of each scope as it was opened. */
export function nodesOf(state: ExecutionState, plan: Plan): ExecutionNode[] {
  const opened = new Map(Object.keys(state.scopes).map((path, i) => [path, i + 1]))
  const places = new Map<string, ReadonlyMap<string, number>>()
  const placeOf = ({ node_id, scope }: NodeState): number => {
    const inBody = places.get(scope) ?? new Map(plan.body(scope).order.map((node, i) => [node.id, i]))
    places.set(scope, inBody)
    return inBody.get(node_id) ?? 0
  }
  const known = Object.values(state.nodes).map((node) => ({
    node,
    scope: opened.get(node.scope) ?? 0,
    place: placeOf(node),
  }))
  known.sort((one, other) => one.scope - other.scope || one.place - other.place)
  return known.map(({ node }) => nodeOf(node, state, plan))
}

function nodeOf(node: NodeState, state: ExecutionState, plan: Plan): ExecutionNode {
  const drawn = plan.body(node.scope).nodes.get(node.node_id)
  const implied = drawn && node.status !== "skipped" ? incomingOf(state, plan, drawn, node.scope) : null
  const { progress, http } = node
  return {
    node_id: node.node_id,
    scope: node.scope,
    status: node.status,
    attempt: node.attempt,
    waiting_for: node.status === "waiting" ? (node.waiting_for ?? null) : null,
    due: node.due ?? null,
    approval_id: node.approval?.approval_id ?? null,
    progress: progress
      ? {
          total: progress.total ?? null,
          opened: progress.opened,
          closed: progress.closed,
          failed: progress.failed,
        }
      : null,
    http: http ? { method: http.method, url: http.url, status: http.status ?? null } : null,
    pinned: node.pinned,
    reused: node.reused,
    input: node.input ?? implied,
    output: node.output ?? null,
    text: node.text,
    error: node.error ?? null,
    started_at: node.started_at ?? null,
    finished_at: node.finished_at ?? null,
    duration_ms: span(node.started_at, node.finished_at),
    model: node.model ?? null,
    usage: node.usage ?? null,
    cost_micros: node.cost_micros,
    is_cut: false,
  }
}

/** Characters of inputs and outputs that one answer carries: calls between objects and Workers take 32 MiB. */
const mostValues = 12_582_912

/** The same nodes; when what went in and out of them is too much for one answer, the later ones come without. */
export function withinReach(nodes: ExecutionNode[]): ExecutionNode[] {
  let room = mostValues
  return nodes.map((node) => {
    room -= JSON.stringify([node.input, node.output, node.text]).length
    return room >= 0 ? node : { ...node, input: null, output: null, text: "", is_cut: true }
  })
}

/** A question as the inbox shows it; undefined for a node that asks none. */
export function approvalOf(id: ExecutionId, state: ExecutionState, node: NodeState): Approval | undefined {
  const { approval } = node
  if (!approval) return undefined
  const { answer } = approval
  const status = answer
    ? "answered"
    : node.status === "waiting" || node.status === "running"
      ? "open"
      : node.status === "succeeded"
        ? "timed_out"
        : "withdrawn"
  return {
    id: approval.approval_id,
    execution_id: id,
    flow_id: state.flow_id,
    flow_name: state.flow_name,
    node_id: node.node_id,
    scope: node.scope,
    status,
    title: approval.title,
    message: approval.message ?? null,
    form_schema: approval.form_schema ?? null,
    buttons: [...approval.buttons],
    assignees: [...approval.assignees],
    ...(approval.by_others ? { by_others: true } : {}),
    requested_at: node.started_at ?? "",
    due: approval.due ?? null,
    answered_at: answer?.at ?? null,
    answered_by: answer?.actor ?? null,
    button: answer?.button ?? null,
    form: answer?.form ?? null,
  }
}

/** The questions that events speak of: asked, answered, run out, or withdrawn with the body or the execution around them. */
export function questionsIn(state: ExecutionState, events: readonly ExecutionEvent[]): NodeState[] {
  const found: NodeState[] = []
  let isStopped = isSettled(state.status)
  for (const event of events) {
    if (event.type === "scope.closed") isStopped ||= event.data.error !== undefined
    if (!("node_id" in event) || event.node_id === undefined) continue
    const node = state.nodes[nodeKey(event.node_id, event.scope)]
    if (event.type === "node.failed") isStopped ||= node?.progress !== undefined
    if (node && event.type.startsWith("approval.")) found.push(node)
  }
  if (!isStopped) return found
  for (const node of Object.values(state.nodes))
    if (node.approval && node.status === "cancelled") found.push(node)
  return found
}
