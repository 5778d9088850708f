import type { StepError } from "#core/execution/event"
import { isWithin } from "#core/execution/state"
import type { ExecutionId } from "#core/ids"
import { spanIdOf, traceIdOf } from "./ids.ts"
import type { Span, SpanAttributes, SpanKind, SpanStatus } from "./span.ts"
import { excerpt } from "./words.ts"

/** What the graph knows of a node, which its events do not say. */
export type NodeFacts = {
  type: string
  label?: string | undefined
  /** The name of the flow, or the crew, that it calls. */
  calls?: string | undefined
  /** The tool that is a call of that flow. */
  tool_id?: string | undefined
  /** The agent that works there. */
  agent?: { id: string; name: string } | undefined
}
export type Describe = (nodeId: string, scope: string) => NodeFacts | undefined

/** An attempt under way, with what it is doing at the moment. */
export type OpenStep = {
  span: Span
  /** A call to the outside, and what it rests for. */
  call: Span | undefined
  rest: Span | undefined
  /** Calls so far: the second model call of one attempt is another span. */
  calls: number
  /** The beginning of what a model is asked. */
  prompt: string
  /** The beginning of what it answers. */
  answer: string
}

/** A wait without a step, such as that between two attempts, and the scope that it ends with. */
export type OpenTimer = { span: Span; scope: string }

/**
 * What is still open in an execution: all that the spans of further events depend on. Folded in place by `spansAfter`; after a
 * crash the same comes out of the journal.
 */
export type Trace = {
  readonly id: ExecutionId
  readonly trace_id: string
  readonly describe: Describe
  flow_id: string
  root: Span | undefined
  /** By node key. */
  readonly steps: Map<string, OpenStep>
  /** By path. */
  readonly scopes: Map<string, Span>
  readonly timers: Map<string, OpenTimer>
  /** Spans that have ended since the last call. */
  done: Span[]
}

/** A trace before the first event. */
export const newTrace = (id: ExecutionId, describe: Describe): Trace => ({
  id,
  trace_id: traceIdOf(id),
  describe,
  flow_id: "",
  root: undefined,
  steps: new Map(),
  scopes: new Map(),
  timers: new Map(),
  done: [],
})

/** Who has ended leaves nothing open. */
export const isOver = (trace: Trace): boolean => trace.root?.end_time != null

type Beginning = {
  parent: Span | undefined
  kind: SpanKind
  name: string
  node: { node_id: string; label: string | undefined } | undefined
  scope: string
  attempt: number
  /** Which of its kind under this parent, where attempt, node and kind do not tell. */
  nth?: number | string
  attributes?: SpanAttributes
}

/** A span that begins at a time. Its id is made of its parent's, so it says the whole way down from the execution. */
export function begun(trace: Trace, at: string, beginning: Beginning): Span {
  const { parent, kind, name, node, scope, attempt, nth = 0, attributes = {} } = beginning
  return {
    id: spanIdOf(`${parent?.id ?? trace.id}/${kind}/${node?.node_id ?? ""}/${attempt}/${nth}`),
    trace_id: trace.trace_id,
    parent_id: parent?.id ?? null,
    execution_id: trace.id,
    flow_id: trace.flow_id,
    kind,
    name,
    node_id: node?.node_id ?? null,
    node_label: node?.label ?? null,
    scope,
    attempt,
    status: "unset",
    start_time: at,
    end_time: null,
    duration_ms: null,
    attributes,
    model: null,
    input_tokens: 0,
    output_tokens: 0,
    cost_micros: 0,
    first_token_ms: null,
    text: null,
  }
}

/** Ends a span; one that has ended stays as it is. */
export function end(trace: Trace, span: Span, at: string, status: SpanStatus, error?: StepError): void {
  if (span.end_time !== null) return
  span.end_time = at
  // Clocks may be set back; nothing takes less than no time.
  span.duration_ms = at === span.start_time ? 0 : Math.max(0, Date.parse(at) - Date.parse(span.start_time))
  span.status = status
  if (error) {
    span.attributes["error.type"] = error.code
    say(span, error.message)
  }
  trace.done.push(span)
}

/** Adds to what a search finds. */
export function say(span: Span, words: string): void {
  if (words !== "") span.text = excerpt(span.text === null ? words : `${span.text}\n${words}`)
}

/** Ends an attempt with everything that it was doing. */
export function endStep(trace: Trace, key: string, at: string, status: SpanStatus, error?: StepError): void {
  const step = trace.steps.get(key)
  if (!step) return
  trace.steps.delete(key)
  // A call that nobody saw the end of ended like its step.
  if (step.call) end(trace, step.call, at, status, error)
  if (step.rest) end(trace, step.rest, at, status, error)
  end(trace, step.span, at, status, error)
}

/** Ends what is still open inside a scope, which did not come to an end of its own. */
export function cancelWithin(trace: Trace, scope: string, at: string): void {
  for (const [key, { span }] of trace.steps)
    if (isWithin(span.scope, scope)) endStep(trace, key, at, "cancelled")
  for (const [name, timer] of trace.timers) {
    if (!isWithin(timer.scope, scope)) continue
    trace.timers.delete(name)
    end(trace, timer.span, at, "cancelled")
  }
  for (const [path, span] of trace.scopes) {
    if (!isWithin(path, scope)) continue
    trace.scopes.delete(path)
    end(trace, span, at, "cancelled")
  }
}

/** What has begun and not ended, as it is now. */
export function openSpans(trace: Trace): Span[] {
  const open: Span[] = trace.root && !isOver(trace) ? [trace.root] : []
  open.push(...trace.scopes.values())
  for (const { span, call, rest } of trace.steps.values()) {
    open.push(span)
    if (call && call.end_time === null) open.push(call)
    if (rest && rest.end_time === null) open.push(rest)
  }
  for (const { span } of trace.timers.values()) open.push(span)
  return open.map((span) => ({ ...span, attributes: { ...span.attributes } }))
}
