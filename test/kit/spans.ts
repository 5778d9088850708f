import type { ExecutionId } from "#core/ids"
import { traceIdOf } from "#core/trace/ids"
import type { Span } from "#core/trace/span"
import { databaseOf } from "./dump.ts"
import { upserts } from "#worker/db/spans"

let count = 0

/** A step that has ended well, changed as a test needs it. */
export function spanDraft(execution_id: string, change: Partial<Span> = {}): Span {
  const start_time = "2026-11-21T09:00:00.000Z"
  return {
    id: (++count).toString(16).padStart(16, "0"),
    trace_id: traceIdOf(execution_id as ExecutionId),
    parent_id: null,
    execution_id: execution_id as ExecutionId,
    flow_id: "flow_01JD0000000000000000000000",
    kind: "step",
    name: "invoke_node greet",
    node_id: "greet",
    node_label: null,
    scope: "",
    attempt: 1,
    status: "ok",
    start_time,
    end_time: change.start_time ?? start_time,
    duration_ms: 0,
    attributes: { "edgecrew.node.type": "transform" },
    model: null,
    input_tokens: 0,
    output_tokens: 0,
    cost_micros: 0,
    first_token_ms: null,
    text: null,
    ...change,
  }
}

/** Puts spans into a tenant's database, as an outbox does. */
export async function keepSpans(tenant: string, spans: readonly Span[]): Promise<void> {
  const d1 = await databaseOf(tenant)
  await d1.batch(upserts(d1, spans))
}
