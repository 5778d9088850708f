import type { NodeEvent } from "#core/execution/reduce-node"
import type { SpanKind } from "./span.ts"
import { begun, end, say, type OpenStep, type Trace } from "./trace.ts"

export type RestEvent = Extract<
  NodeEvent,
  { type: "node.waiting" | "callback.received" | `approval.${string}` }
>

/** What a step rests for: a time, a call, a person. */
export function foldRest(trace: Trace, step: OpenStep, event: RestEvent): void {
  switch (event.type) {
    case "node.waiting": {
      const { due } = event.data
      if (event.data.for !== "approval")
        rest(trace, step, event.at, event.data.for === "time" ? "timer" : "callback")
      if (due !== undefined && step.rest) step.rest.attributes["edgecrew.timer.due"] = due
      return
    }
    case "approval.requested":
      rest(trace, step, event.at, "approval")
      if (!step.rest) return
      step.rest.attributes["edgecrew.approval.id"] = event.data.approval_id
      return say(step.rest, event.data.title)
    case "approval.answered":
      if (!step.rest) return
      step.rest.attributes["edgecrew.approval.button"] = event.data.button
      step.rest.attributes["edgecrew.actor"] = event.data.actor
      return over(trace, step, event.at)
    case "approval.timed_out":
      if (step.rest) step.rest.attributes["edgecrew.timed_out"] = true
      return over(trace, step, event.at)
    case "callback.received":
      return over(trace, step, event.at)
    default:
      return event satisfies never
  }
}

const names = { timer: "wait", callback: "callback", approval: "approval" } as const satisfies Partial<
  Record<SpanKind, string>
>

function rest(trace: Trace, step: OpenStep, at: string, kind: keyof typeof names): void {
  const { node_id, node_label, scope, attempt } = step.span
  step.rest = begun(trace, at, {
    parent: step.span,
    kind,
    name: names[kind],
    node: node_id === null ? undefined : { node_id, label: node_label ?? undefined },
    scope,
    attempt,
  })
}

function over(trace: Trace, step: OpenStep, at: string): void {
  if (step.rest) end(trace, step.rest, at, "ok")
  step.rest = undefined
}
