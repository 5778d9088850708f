import type { Execution, ExecutionNode, ExecutionSummary } from "#core/contract/executions"
import type { Plan } from "#core/flow/plan"
import type { ExecutionId } from "#core/ids"
import { incomingOf } from "#core/execution/next"
import type { ExecutionState, NodeState } from "#core/execution/state"

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
  const { nodes, edges, input_schema } = plan.graph
  return {
    ...summaryOf(id, state),
    inputs: state.inputs,
    outputs: state.outputs ?? null,
    retry_of: (state.retry_of ?? null) as ExecutionId | null,
    last_seq: state.seq,
    graph: { nodes, edges, ...(input_schema === undefined ? {} : { input_schema }) },
  }
}

/** Every node that the execution has come to, in the order of the plan. */
export function nodesOf(state: ExecutionState, plan: Plan): ExecutionNode[] {
  const known = Object.values(state.nodes)
  const place = new Map(plan.order.map((node, i) => [node.id, i]))
  known.sort((one, other) => (place.get(one.node_id) ?? 0) - (place.get(other.node_id) ?? 0))
  return known.map((one) => nodeOf(one, state, plan))
}

function nodeOf(node: NodeState, state: ExecutionState, plan: Plan): ExecutionNode {
  const drawn = plan.nodes.get(node.node_id)
  const implied = drawn && node.status !== "skipped" ? incomingOf(state, plan, drawn) : null
  return {
    node_id: node.node_id,
    scope: node.scope,
    status: node.status,
    attempt: node.attempt,
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
  }
}
