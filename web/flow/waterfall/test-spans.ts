import type { ExecutionId } from "#core/ids"
import type { Span } from "#core/trace/span"

export const at = (ms: number): string => new Date(Date.parse("2026-11-21T09:00:00.000Z") + ms).toISOString()

/** A span from one millisecond to another; without an end it is under way. */
export function span(
  id: string,
  parent: string | null,
  began: number,
  ended: number | null,
  more: Partial<Span> = {},
): Span {
  return {
    id,
    trace_id: "0".repeat(32),
    parent_id: parent,
    execution_id: "exec_0001JD0000000000000000000000" as ExecutionId,
    flow_id: "flow_1",
    kind: "step",
    name: `invoke_node ${id}`,
    node_id: id,
    node_label: null,
    scope: "",
    attempt: 1,
    status: ended === null ? "unset" : "ok",
    start_time: at(began),
    end_time: ended === null ? null : at(ended),
    duration_ms: ended === null ? null : ended - began,
    attributes: {},
    model: null,
    input_tokens: 0,
    output_tokens: 0,
    cost_micros: 0,
    first_token_ms: null,
    text: null,
    ...more,
  }
}

const root = (ended: number | null) =>
  span("root", null, 0, ended, { kind: "execution", node_id: null, name: "invoke_workflow Triage" })

/** An execution that tried a step twice, and went through a list. */
export const triage = (items: number): Span[] => [
  root(1_000),
  span("a1", "root", 10, 110, { node_id: "draft", node_label: "Draft", status: "error" }),
  span("pause", "root", 110, 300, { node_id: "draft", kind: "timer", name: "retry" }),
  span("a2", "root", 300, 500, { node_id: "draft", node_label: "Draft", attempt: 2 }),
  span("call", "a2", 310, 490, { node_id: "draft", kind: "model", model: "gpt-5.2", first_token_ms: 60 }),
  span("each", "root", 500, 990, { node_id: "each" }),
  ...Array.from({ length: items }, (_, i) => i).flatMap((i) => [
    span(`s${i}`, "each", 500 + i, 900, {
      kind: "scope",
      node_id: "each",
      scope: `each[${i}]`,
      attributes: { "edgecrew.scope.index": i },
    }),
    span(`t${i}`, `s${i}`, 600, 890, { node_id: "shape", scope: `each[${i}]` }),
  ]),
]
