import { addedUsage, wholeUsage } from "#core/llm/usage"
import type { ExecutionEvent, Usage } from "./event.ts"
import { noProgress, type ApprovalState, type NodeState } from "./state.ts"

export type NodeEvent = Exclude<ExecutionEvent, { type: `execution.${string}` }>
type Of<T extends NodeEvent["type"]> = Extract<NodeEvent, { type: T }>

/** What an event says of its node. */
export function nodeChange(node: NodeState, event: NodeEvent): Partial<NodeState> {
  switch (event.type) {
    case "node.ready":
      return { status: "ready" }
    case "node.started":
      return started(node, event)
    case "node.delta":
    case "model.delta":
      return { text: node.text + event.data.text }
    case "node.succeeded":
    case "node.failed":
      return finished(event)
    case "node.skipped":
      return { status: "skipped", finished_at: event.at }
    case "node.retrying":
      return {
        status: "retrying",
        error: event.data.error,
        due: event.data.due,
        interruptions: node.interruptions + (event.data.error.code === "step.interrupted" ? 1 : 0),
      }
    case "node.waiting":
      return { status: "waiting", waiting_for: event.data.for, due: event.data.due }
    case "node.interrupted":
      return { status: "interrupted", error: event.data.error }
    case "approval.requested":
      return { approval: asked(event) }
    case "approval.answered":
      return answered(node, event)
    case "model.started":
      // Another target begins anew; what the one before has said is void.
      return { model: event.data.model, provider_type: event.data.provider_type, text: "" }
    case "model.finished":
      return {
        model: event.data.model,
        usage: added(node.usage, event.data.usage),
        cost_micros: node.cost_micros + event.data.cost_micros,
        latency_ms: event.data.latency_ms,
        first_token_ms: event.data.first_token_ms,
      }
    case "model.failed":
      return event.data.usage === undefined
        ? {}
        : {
            usage: added(node.usage, event.data.usage),
            cost_micros: node.cost_micros + (event.data.cost_micros ?? 0),
          }
    case "http.started":
      return { http: { method: event.data.method, url: event.data.url, status: undefined } }
    case "http.finished":
      return {
        latency_ms: event.data.latency_ms,
        http: node.http && { ...node.http, status: event.data.status },
      }
    case "http.failed":
    case "tool.finished":
    case "tool.failed":
      return { latency_ms: event.data.latency_ms }
    case "tool.started":
      return { tool: { name: event.data.tool, kind: event.data.kind } }
    case "agent.thought":
    case "agent.delegated":
    case "agent.finished":
    case "tool.log":
    case "scope.opened":
    case "scope.closed":
    case "node.log":
    case "approval.timed_out":
    case "callback.received":
    case "timer.set":
    case "timer.fired":
      return {}
    default:
      return event satisfies never
  }
}

/** A step pays for each of its calls. */
const added = (before: Usage | undefined, usage: Usage): Usage =>
  before === undefined ? usage : addedUsage(wholeUsage(before), wholeUsage(usage))

function started(node: NodeState, { at, attempt, data }: Of<"node.started">): Partial<NodeState> {
  return {
    status: "running",
    attempt: attempt ?? node.attempt,
    input: data.input,
    started_at: node.started_at ?? at,
    text: "",
    error: undefined,
    due: undefined,
    deadline: data.deadline,
    finished_at: undefined,
    ...(node.progress === undefined && data.total === undefined
      ? {}
      : { progress: { ...(node.progress ?? noProgress), total: data.total, error: undefined } }),
  }
}

function finished(event: Of<"node.succeeded" | "node.failed">): Partial<NodeState> {
  const ended = {
    settled_seq: event.seq,
    handles: event.data.handles,
    output: event.data.output,
    finished_at: event.at,
    due: undefined,
    waiting_for: undefined,
  }
  return event.type === "node.failed"
    ? { ...ended, status: "failed", error: event.data.error }
    : {
        ...ended,
        status: "succeeded",
        error: undefined,
        pinned: event.data.pinned ?? false,
        reused: event.data.reused ?? false,
      }
}

const asked = ({ data }: Of<"approval.requested">): ApprovalState => ({
  approval_id: data.approval_id,
  title: data.title,
  message: data.message,
  form_schema: data.form_schema,
  buttons: data.buttons,
  assignees: data.assignees,
  ...(data.by_others ? { by_others: true } : {}),
  due: data.due,
  answer: undefined,
})

const answered = (node: NodeState, { at, data }: Of<"approval.answered">): Partial<NodeState> =>
  node.approval === undefined
    ? {}
    : {
        approval: {
          ...node.approval,
          answer: { button: data.button, form: data.form, actor: data.actor, at },
        },
      }
