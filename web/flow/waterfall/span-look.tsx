import {
  Activity,
  Ban,
  CircleCheck,
  CircleX,
  Globe,
  Hourglass,
  Layers,
  LoaderCircle,
  PhoneIncoming,
  Sparkles,
  Square,
  UserCheck,
  Wrench,
  type LucideIcon,
} from "lucide-react"
import type { Span, SpanKind, SpanStatus } from "#core/trace/span"
import type { StatusLook } from "#web/flow/status.tsx"
import { StatusBadge } from "#web/ui/badge.tsx"

export const spanKindLook: Record<SpanKind, { icon: LucideIcon; word: string }> = {
  execution: { icon: Activity, word: "Execution" },
  step: { icon: Square, word: "Step" },
  scope: { icon: Layers, word: "Iteration" },
  model: { icon: Sparkles, word: "Model" },
  http: { icon: Globe, word: "HTTP" },
  tool: { icon: Wrench, word: "Tool" },
  timer: { icon: Hourglass, word: "Wait" },
  callback: { icon: PhoneIncoming, word: "Callback" },
  approval: { icon: UserCheck, word: "Approval" },
}

export const spanStatusLook: Record<SpanStatus, StatusLook> = {
  unset: { tone: "running", icon: LoaderCircle, word: "Running", turning: true },
  ok: { tone: "succeeded", icon: CircleCheck, word: "Succeeded" },
  error: { tone: "failed", icon: CircleX, word: "Failed" },
  cancelled: { tone: "cancelled", icon: Ban, word: "Cancelled" },
}

export function SpanStatusMark({ status }: { status: SpanStatus }) {
  const { tone, icon, word, turning = false } = spanStatusLook[status]
  return (
    <StatusBadge tone={tone} icon={icon} turning={turning}>
      {word}
    </StatusBadge>
  )
}

/** What a span is called where its kind is seen: without the operation that its name begins with. */
export function titleOfSpan(span: Span): string {
  if (span.kind === "scope") {
    const index = span.attributes["edgecrew.scope.index"]
    if (typeof index !== "number") return titleOfNode(span)
    return span.node_id === "calls" ? `Call ${index + 1}` : `#${index + 1}`
  }
  if (span.kind === "execution") return span.name.replace(/^invoke_workflow /, "")
  if (span.kind === "step") return titleOfNode(span)
  if (span.kind === "model") return span.model ?? span.name
  if (span.kind === "tool") return span.name.replace(/^execute_tool /, "")
  if (span.kind === "http") return [span.name, span.attributes["server.address"]].filter(Boolean).join(" ")
  return span.name === "wait" || span.name === "retry" ? span.name : spanKindLook[span.kind].word
}

/** The node that a span belongs to, as people call it. */
export const titleOfNode = (span: Span): string =>
  innerTitleOf(span) || span.node_label || (span.node_id?.replace(/^to_/, "") ?? "")

/** A thought is named like whose it is; what it is says more, since it stands under that name. */
const innerTitleOf = ({ node_id: id, node_label: label, attributes }: Span): string | undefined =>
  !label || attributes["edgecrew.node.type"] === id ? innerTitles[id ?? ""] : undefined

/** Steps that agents are made of, which nobody has named. */
const innerTitles: Record<string, string> = {
  think: "Thought",
  calls: "Calls",
  check: "Check",
  call: "Tool call",
}
