import type { ExecutionEvent } from "#core/execution/event"
import { nodeKey } from "#core/execution/state"
import type { NodeEvent } from "#core/execution/reduce-node"
import { foldCall, type CallEvent } from "./fold-call.ts"
import { foldRest } from "./fold-rest.ts"
import type { Span } from "./span.ts"
import { begun, cancelWithin, end, endStep, isOver, say, type OpenStep, type Trace } from "./trace.ts"
import { wordsOf } from "./words.ts"

type WholeEvent = Extract<ExecutionEvent, { type: `execution.${string}` }>
type Of<T extends ExecutionEvent["type"]> = Extract<ExecutionEvent, { type: T }>

/**
 * Takes further events in and answers with the spans that ended by them. Only what is open is kept, in `trace`; the same events
 * give the same spans, in one call or in many.
 */
export function spansAfter(trace: Trace, events: Iterable<ExecutionEvent>): Span[] {
  for (const event of events) {
    if (isWhole(event)) foldExecution(trace, event)
    // Whatever comes after the end is too late to be part of it.
    else if (trace.root && !isOver(trace)) foldNode(trace, event)
  }
  const { done } = trace
  trace.done = []
  return done
}

const isWhole = (event: ExecutionEvent): event is WholeEvent => event.type.startsWith("execution.")

function foldExecution(trace: Trace, event: WholeEvent): void {
  const { root } = trace
  if (event.type === "execution.queued") {
    trace.flow_id = event.data.flow_id
    trace.root = begunExecution(trace, event)
    return
  }
  if (!root || isOver(trace)) return
  switch (event.type) {
    case "execution.started":
      if (event.at !== root.start_time)
        root.attributes["edgecrew.execution.queued_ms"] = Date.parse(event.at) - Date.parse(root.start_time)
      return
    case "execution.waiting":
    case "execution.needs_attention":
    case "execution.cancelling":
      return
    case "execution.succeeded":
      cancelWithin(trace, "", event.at)
      return end(trace, root, event.at, "ok")
    case "execution.failed":
    case "execution.timed_out":
      cancelWithin(trace, "", event.at)
      return end(trace, root, event.at, "error", event.data.error)
    case "execution.cancelled":
      cancelWithin(trace, "", event.at)
      return end(trace, root, event.at, "cancelled")
    default:
      return event satisfies never
  }
}

function begunExecution(trace: Trace, { at, data }: Of<"execution.queued">): Span {
  const attributes: Span["attributes"] = {
    "gen_ai.operation.name": "invoke_workflow",
    "gen_ai.workflow.name": data.flow_name,
    "edgecrew.actor": data.actor,
  }
  if (data.flow_version !== null) attributes["edgecrew.flow.version"] = data.flow_version
  for (const origin of ["retry_of", "fork_of", "replay_of"] as const) {
    const other = data[origin]
    if (other !== undefined) attributes[`edgecrew.execution.${origin}`] = other
  }
  return begun(trace, at, {
    parent: undefined,
    kind: "execution",
    name: `invoke_workflow ${data.flow_name}`,
    node: undefined,
    scope: "",
    attempt: 1,
    attributes,
  })
}

function foldNode(trace: Trace, event: NodeEvent): void {
  // A timer may be the execution's own.
  const key = nodeKey(event.node_id ?? "", event.scope)
  switch (event.type) {
    case "node.started":
      return startStep(trace, event, key)
    case "node.succeeded":
      return succeed(trace, event, key)
    case "node.failed":
      return fail(trace, event, key)
    case "node.retrying":
      return retry(trace, event, key)
    case "node.interrupted":
      ensureStep(trace, event, key)
      return endStep(trace, key, event.at, "error", event.data.error)
    case "scope.opened":
      return openScope(trace, event, key)
    case "scope.closed":
      return closeScope(trace, event)
    case "timer.set":
    case "timer.fired":
      return foldTimer(trace, event, key)
    case "node.ready":
    case "node.delta":
    case "node.log":
    case "node.skipped":
    case "agent.thought":
    case "agent.delegated":
      return
    case "agent.finished":
      return finishAgent(trace, event, key)
    default: {
      const step = trace.steps.get(key)
      // Who answers late is recognised by the attempt.
      if (!step || (event.attempt ?? step.span.attempt) !== step.span.attempt) return
      return isCall(event) ? foldCall(trace, step, event) : foldRest(trace, step, event)
    }
  }
}

const isCall = (event: ExecutionEvent): event is CallEvent =>
  event.type.startsWith("model.") || event.type.startsWith("http.") || event.type.startsWith("tool.")

/** What a step, a scope or a timer stands under: its scope, or the execution. */
const parentOf = (trace: Trace, scope: string): Span | undefined => trace.scopes.get(scope) ?? trace.root

type StepEvent = Of<"node.started" | "node.succeeded" | "node.failed" | "node.retrying" | "node.interrupted">

function begunStep(trace: Trace, event: StepEvent): OpenStep {
  const { node_id, scope = "", attempt = 1, at } = event
  const facts = trace.describe(node_id, scope)
  const span = begun(trace, at, {
    parent: parentOf(trace, scope),
    kind: "step",
    name: facts?.agent ? `invoke_agent ${facts.agent.name}` : `invoke_node ${facts?.label || node_id}`,
    node: { node_id, label: facts?.label },
    scope,
    attempt,
    attributes: facts ? { "edgecrew.node.type": facts.type } : {},
  })
  if (facts?.agent) {
    span.attributes["gen_ai.operation.name"] = "invoke_agent"
    span.attributes["gen_ai.agent.name"] = facts.agent.name
    span.attributes["gen_ai.agent.id"] = facts.agent.id
  }
  return { span, call: undefined, rest: undefined, calls: 0, prompt: "", answer: "" }
}

function startStep(trace: Trace, event: Of<"node.started">, key: string): void {
  const pause = trace.timers.get(`retry ${key}`)
  if (pause) {
    trace.timers.delete(`retry ${key}`)
    end(trace, pause.span, event.at, "ok")
  }
  // An attempt that another one has overtaken never came to an end.
  endStep(trace, key, event.at, "cancelled")
  const step = begunStep(trace, event)
  if (step.span.attributes["edgecrew.node.type"] !== "http") step.prompt = wordsOf(event.data.input)
  trace.steps.set(key, step)
}

/** A step that ends without having been said to begin, such as one whose expression fails, has a span without a length. */
function ensureStep(trace: Trace, event: StepEvent, key: string): OpenStep | undefined {
  const known = trace.steps.get(key)
  if (known) return (event.attempt ?? known.span.attempt) < known.span.attempt ? undefined : known
  const pause = trace.timers.get(`retry ${key}`)
  if (pause) {
    trace.timers.delete(`retry ${key}`)
    end(trace, pause.span, event.at, "ok")
  }
  const step = begunStep(trace, event)
  trace.steps.set(key, step)
  return step
}

function succeed(trace: Trace, event: Of<"node.succeeded">, key: string): void {
  const { at, data } = event
  // Taken over from another execution: nothing was done here.
  if (data.reused && !trace.steps.has(key)) return
  const step = ensureStep(trace, event, key)
  if (!step) return
  if (data.pinned) step.span.attributes["edgecrew.node.pinned"] = true
  if (data.reused) step.span.attributes["edgecrew.node.reused"] = true
  endBodies(trace, key, at)
  endStep(trace, key, at, "ok")
}

function fail(trace: Trace, event: Of<"node.failed">, key: string): void {
  const step = ensureStep(trace, event, key)
  if (!step) return
  if (event.data.handles.length > 0) step.span.attributes["edgecrew.node.carried_on"] = true
  endBodies(trace, key, event.at)
  endStep(trace, key, event.at, "error", event.data.error)
}

function retry(trace: Trace, event: Of<"node.retrying">, key: string): void {
  const { at, data, scope = "", node_id, attempt = 1 } = event
  const step = ensureStep(trace, event, key)
  if (!step) return
  endStep(trace, key, at, "error", data.error)
  const span = begun(trace, at, {
    parent: parentOf(trace, scope),
    kind: "timer",
    name: "retry",
    node: { node_id, label: step.span.node_label ?? undefined },
    scope,
    attempt,
    nth: "retry",
    attributes: { "edgecrew.timer.due": data.due },
  })
  trace.timers.set(`retry ${key}`, { span, scope })
}

function finishAgent(trace: Trace, { data }: Of<"agent.finished">, key: string): void {
  const step = trace.steps.get(key)
  if (!step) return
  step.span.attributes["edgecrew.agent.turns"] = data.turns
  if (data.ended !== "answered") step.span.attributes["edgecrew.agent.ended"] = data.ended
}

/** A node that has ended leaves none of its bodies open. */
function endBodies(trace: Trace, key: string, at: string): void {
  for (const path of trace.scopes.keys())
    if (path === key || (path.startsWith(`${key}[`) && path.indexOf("]", key.length) === path.length - 1))
      cancelWithin(trace, path, at)
}

function openScope(trace: Trace, event: Of<"scope.opened">, key: string): void {
  const { at, node_id, scope = "", data } = event
  const holder = trace.steps.get(key)?.span
  const facts = trace.describe(node_id, scope)
  cancelWithin(trace, data.path, at)
  const isFlow = data.index === undefined
  const span = begun(trace, at, {
    parent: holder ?? parentOf(trace, scope),
    kind: "scope",
    name: isFlow ? `invoke_workflow ${facts?.calls ?? node_id}` : `scope ${data.path}`,
    node: { node_id, label: facts?.label },
    scope: data.path,
    attempt: holder?.attempt ?? event.attempt ?? 1,
    nth: data.index ?? "call",
    attributes: isFlow
      ? {
          "gen_ai.operation.name": "invoke_workflow",
          ...(facts?.calls === undefined ? {} : { "gen_ai.workflow.name": facts.calls }),
          ...(facts?.tool_id === undefined ? {} : { "edgecrew.tool.id": facts.tool_id }),
        }
      : { "edgecrew.scope.index": data.index! },
  })
  trace.scopes.set(data.path, span)
}

function closeScope(trace: Trace, { at, data }: Of<"scope.closed">): void {
  const span = trace.scopes.get(data.path)
  if (!span) return
  trace.scopes.delete(data.path)
  cancelWithin(trace, data.path, at)
  end(trace, span, at, data.error ? "error" : "ok", data.error)
}

/** Waits that a step is at have spans of their own (see `foldRest`); these are the other ones. */
const ofSteps: ReadonlySet<string> = new Set(["time", "callback", "approval"])

function foldTimer(trace: Trace, event: Of<"timer.set" | "timer.fired">, key: string): void {
  const { name } = event.data
  const { node_id, scope = "" } = event
  if (ofSteps.has(name)) return
  const known = trace.timers.get(`${name} ${key}`)
  if (known) {
    trace.timers.delete(`${name} ${key}`)
    end(trace, known.span, event.at, event.type === "timer.fired" ? "ok" : "cancelled")
  }
  if (event.type === "timer.fired") return
  const span = begun(trace, event.at, {
    parent: trace.steps.get(key)?.span ?? parentOf(trace, scope),
    kind: "timer",
    name,
    node: node_id === undefined ? undefined : { node_id, label: trace.describe(node_id, scope)?.label },
    scope,
    attempt: event.attempt ?? 1,
    nth: `${name} ${event.data.due}`,
    attributes: { "edgecrew.timer.due": event.data.due },
  })
  say(span, name)
  trace.timers.set(`${name} ${key}`, { span, scope })
}
