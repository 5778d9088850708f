import type { StepError, Usage } from "#core/execution/event"
import type { NodeEvent } from "#core/execution/reduce-node"
import { holdersOf } from "#core/execution/state"
import type { Span } from "./span.ts"
import { begun, end, say, type OpenStep, type Trace } from "./trace.ts"
import { excerpt, hostOf, providerName, redactUrl } from "./words.ts"

type Of<T extends NodeEvent["type"]> = Extract<NodeEvent, { type: T }>
export type CallEvent = Extract<NodeEvent, { type: `model.${string}` | `http.${string}` | `tool.${string}` }>

/** Characters of a model's question, and of its answer, that a search finds. */
const mostWords = 240

/** What a step asks of the outside: a model's answer, an address, a tool. */
export function foldCall(trace: Trace, step: OpenStep, event: CallEvent): void {
  switch (event.type) {
    case "model.started":
      step.call = modelSpan(trace, step, event)
      return
    case "model.delta":
      if (step.answer.length < mostWords) step.answer += event.data.text
      return
    case "model.finished":
      return finishModel(trace, step, event)
    case "model.failed":
      return failModel(trace, step, event)
    case "http.started":
      step.call = httpSpan(trace, step, event)
      return
    case "http.finished":
      return finishHttp(trace, step, event)
    case "http.failed":
      step.call ??= begunCall(trace, step, event.at, "http", "HTTP")
      return failHttp(trace, step, event)
    case "tool.started":
      step.call = toolSpan(trace, step, event)
      return
    case "tool.log":
      if (step.call && event.data.stream === undefined) say(step.call, event.data.message)
      return
    case "tool.finished":
      if (step.call) end(trace, step.call, event.at, "ok")
      step.call = undefined
      return
    case "tool.failed":
      step.call ??= begunCall(trace, step, event.at, "tool", "execute_tool")
      return failCall(trace, step, event.at, event.data.error)
    default:
      return event satisfies never
  }
}

function begunCall(
  trace: Trace,
  step: OpenStep,
  at: string,
  kind: "model" | "http" | "tool",
  name: string,
  attributes: Span["attributes"] = {},
): Span {
  const { node_id, node_label, scope, attempt } = step.span
  return begun(trace, at, {
    parent: step.span,
    kind,
    name,
    node: node_id === null ? undefined : { node_id, label: node_label ?? undefined },
    scope,
    attempt,
    nth: step.calls++,
    attributes,
  })
}

function modelSpan(trace: Trace, step: OpenStep, { at, data }: Of<"model.started">): Span {
  const span = begunCall(trace, step, at, "model", `chat ${data.model}`, {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": providerName(data.provider_type),
    "gen_ai.request.model": data.model,
    "gen_ai.request.stream": true,
  })
  if (data.provider_id !== undefined) span.attributes["edgecrew.provider.id"] = data.provider_id
  if (data.price !== undefined) span.attributes["edgecrew.price.version"] = data.price.version
  span.model = data.model
  say(span, excerpt(step.prompt, mostWords))
  step.answer = ""
  return span
}

function finishModel(trace: Trace, step: OpenStep, { at, data }: Of<"model.finished">): void {
  const span = step.call
  if (!span) return
  const { usage, cost_micros, first_token_ms } = data
  const { attributes } = span
  attributes["gen_ai.response.model"] = data.model
  attributes["gen_ai.response.finish_reasons"] = [data.finish_reason]
  if (first_token_ms !== undefined) {
    attributes["gen_ai.response.time_to_first_chunk"] = first_token_ms / 1000
    span.first_token_ms = first_token_ms
  }
  span.model = data.model || span.model
  pay(trace, step, span, usage, cost_micros)
  step.span.model = span.model
  step.span.first_token_ms ??= span.first_token_ms
  say(span, excerpt(step.answer, mostWords))
  step.call = undefined
  end(trace, span, at, "ok")
}

function failModel(trace: Trace, step: OpenStep, { at, data }: Of<"model.failed">): void {
  const { usage, cost_micros = 0, error } = data
  const span = (step.call ??= begunCall(trace, step, at, "model", "chat"))
  if (usage) pay(trace, step, span, usage, cost_micros)
  step.span.model ??= span.model
  failCall(trace, step, at, error)
}

/** Puts down what a call took: to itself, to its step, and to whoever it was made for. */
function pay(trace: Trace, step: OpenStep, span: Span, usage: Usage, cost: number): void {
  const { attributes } = span
  attributes["gen_ai.usage.input_tokens"] = usage.input_tokens
  attributes["gen_ai.usage.output_tokens"] = usage.output_tokens
  if (usage.cache_read_tokens !== undefined)
    attributes["gen_ai.usage.cache_read.input_tokens"] = usage.cache_read_tokens
  if (usage.cache_write_tokens !== undefined)
    attributes["gen_ai.usage.cache_creation.input_tokens"] = usage.cache_write_tokens
  if (usage.reasoning_tokens !== undefined)
    attributes["gen_ai.usage.reasoning.output_tokens"] = usage.reasoning_tokens
  if (usage.estimated) attributes["edgecrew.usage.estimated"] = true
  for (const one of [span, step.span, ...agentsAround(trace, step), trace.root]) {
    if (!one) continue
    one.input_tokens += usage.input_tokens
    one.output_tokens += usage.output_tokens
    one.cost_micros += cost
  }
}

/** The agents that a call is made for: the one that thinks, and whoever handed it the work. */
const agentsAround = (trace: Trace, { span }: OpenStep): Span[] =>
  holdersOf(span.scope).flatMap((key) => {
    const holder = trace.steps.get(key)?.span
    return holder?.attributes["gen_ai.operation.name"] === "invoke_agent" ? [holder] : []
  })

function toolSpan(trace: Trace, step: OpenStep, { at, data }: Of<"tool.started">): Span {
  const span = begunCall(trace, step, at, "tool", `execute_tool ${data.tool}`, {
    "gen_ai.operation.name": "execute_tool",
    "gen_ai.tool.name": data.tool,
    "gen_ai.tool.type": "function",
    "gen_ai.tool.call.id": data.call_id,
    "edgecrew.tool.kind": data.kind,
    ...(data.tool_id === undefined ? {} : { "edgecrew.tool.id": data.tool_id }),
  })
  say(span, excerpt(step.prompt, mostWords))
  return span
}

function httpSpan(trace: Trace, step: OpenStep, { at, data }: Of<"http.started">): Span {
  const url = excerpt(redactUrl(data.url))
  const host = hostOf(url)
  const span = begunCall(trace, step, at, "http", data.method, {
    "http.request.method": data.method,
    "url.full": url,
  })
  if (host !== undefined) span.attributes["server.address"] = host
  say(span, `${data.method} ${url}`)
  return span
}

function finishHttp(trace: Trace, step: OpenStep, { at, data }: Of<"http.finished">): void {
  const span = step.call
  if (!span) return
  span.attributes["http.response.status_code"] = data.status
  if (data.bytes !== undefined) span.attributes["http.response.body.size"] = data.bytes
  step.call = undefined
  end(trace, span, at, "ok")
}

/** An answer of 400 and above is a failure whose code ends in the status; OpenTelemetry's `error.type` is then the status itself. */
function failHttp(trace: Trace, step: OpenStep, { at, data }: Of<"http.failed">): void {
  const status = /^http\.status_(\d{3})$/.exec(data.error.code)?.[1]
  if (status !== undefined && step.call) step.call.attributes["http.response.status_code"] = Number(status)
  failCall(trace, step, at, data.error)
}

function failCall(trace: Trace, step: OpenStep, at: string, error: StepError): void {
  const span = step.call
  step.call = undefined
  if (!span) return
  if (step.answer !== "") say(span, excerpt(step.answer, mostWords))
  end(trace, span, at, error.code === "step.cancelled" ? "cancelled" : "error", error)
}
