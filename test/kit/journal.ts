import type { ExecutionEvent, NewEvent, StepError } from "#core/execution/event"
import type { ExecutionId } from "#core/ids"
import { spansAfter } from "#core/trace/fold"
import type { Span } from "#core/trace/span"
import { newTrace, type Trace } from "#core/trace/trace"

export const id = "exec_0001JD0000000000000000000000" as ExecutionId
const zero = Date.parse("2026-11-21T09:00:00.000Z")
export const at = (ms: number): string => new Date(zero + ms).toISOString()

const types: Record<string, string> = {
  input: "input",
  draft: "llm",
  fetch: "http",
  each: "map",
  call: "subflow",
}
export const trace = (): Trace =>
  newTrace(id, (nodeId) => ({
    type: types[nodeId] ?? "transform",
    label: nodeId === "draft" ? "Draft it" : undefined,
  }))

export const queued: NewEvent = {
  type: "execution.queued",
  data: {
    flow_id: "flow_1",
    flow_name: "Triage",
    flow_version: 7,
    definition: "d",
    engine_version: 2,
    actor: "user_1",
    inputs: {},
    timeout_ms: 1000,
  },
}
export const started: NewEvent = { type: "execution.started", data: {} }
export const succeeded: NewEvent = { type: "execution.succeeded", data: { outputs: {} } }
export const error: StepError = { code: "model.overloaded", message: "The vendor is busy" }

type Place = { scope?: string; attempt?: number }
export const begin = (node_id: string, place: Place = {}, input?: Record<string, string>): NewEvent => ({
  type: "node.started",
  node_id,
  attempt: 1,
  ...place,
  data: input ? { input } : {},
})
export const succeed = (node_id: string, place: Place = {}): NewEvent => ({
  type: "node.succeeded",
  node_id,
  attempt: 1,
  ...place,
  data: { output: null, handles: ["out"] },
})
export const fail = (node_id: string, place: Place = {}): NewEvent => ({
  type: "node.failed",
  node_id,
  attempt: 1,
  ...place,
  data: { error, handles: [] },
})
export const retry = (node_id: string, place: Place, due: number): NewEvent => ({
  type: "node.retrying",
  node_id,
  ...place,
  data: { error, due: at(due) },
})

/** A journal of events at times. */
export const journal = (...entries: [ms: number, event: NewEvent][]): ExecutionEvent[] =>
  entries.map(([ms, event], i): ExecutionEvent => ({ seq: i + 1, at: at(ms), ...event }))

export const spansOf = (...entries: [ms: number, event: NewEvent][]): Span[] =>
  spansAfter(trace(), journal(...entries))

export const short = (span: Span) =>
  [span.kind, span.node_id ?? "", span.scope, span.attempt, span.status, span.duration_ms].join(" ")
