import {
  Brain,
  ChevronRight,
  CircleAlert,
  CircleCheck,
  CircleX,
  Hourglass,
  LoaderCircle,
  MessageCircleQuestion,
  Sparkles,
  UserRoundPlus,
  Wrench,
  type LucideIcon,
} from "lucide-react"
import { useState } from "react"
import type { ChatStep } from "#core/contract/chat"
import type { Json } from "#core/json"
import { formatMicros } from "#core/money"
import { Artifacts } from "#web/flow/artifacts.tsx"
import { cn } from "#web/ui/cn.ts"
import { JsonView } from "#web/ui/json-view.tsx"
import { Markdown } from "#web/ui/markdown.tsx"
import { sayDuration } from "#web/ui/relative-time.tsx"
import type { StepNode } from "../model/steps.ts"

type Look = {
  icon: LucideIcon
  hue: string
  word: string
  /** What its detail and its result are called. */
  detail: string
  result: string
}

const looks: Record<ChatStep["type"], Look> = {
  thought: { icon: Brain, hue: "text-muted", word: "Thought", detail: "Thought", result: "Result" },
  tool: { icon: Wrench, hue: "text-kind-tool", word: "Tool call", detail: "Arguments", result: "Result" },
  delegation: {
    icon: UserRoundPlus,
    hue: "text-kind-agent",
    word: "Delegation",
    detail: "Task",
    result: "What came of it",
  },
  model: {
    icon: Sparkles,
    hue: "text-kind-model",
    word: "Model call",
    detail: "Request",
    result: "Answer",
  },
  approval: {
    icon: MessageCircleQuestion,
    hue: "text-kind-person",
    word: "Question",
    detail: "Question",
    result: "Answer",
  },
  error: { icon: CircleAlert, hue: "text-failed", word: "Error", detail: "Error", result: "Result" },
}

const states: Record<ChatStep["status"], { icon: LucideIcon; hue: string; word: string }> = {
  running: { icon: LoaderCircle, hue: "animate-spin text-running", word: "Running" },
  waiting: { icon: Hourglass, hue: "text-waiting", word: "Waiting" },
  succeeded: { icon: CircleCheck, hue: "text-succeeded", word: "Succeeded" },
  failed: { icon: CircleX, hue: "text-failed", word: "Failed" },
}

/** Steps, each with those that happened inside it. */
export const StepTree = ({ nodes }: { nodes: readonly StepNode[] }) => (
  <ul className="px-2 py-2">
    {nodes.map((node) => (
      <StepItem key={node.step.id} node={node} />
    ))}
  </ul>
)

function StepItem({ node: { step, inside } }: { node: StepNode }) {
  const [isOpen, setOpen] = useState(false)
  const { icon: Icon, hue, word } = looks[step.type]
  const state = states[step.status]
  const hasMore = step.detail !== null || step.result !== null
  return (
    <li>
      <button
        type="button"
        aria-expanded={hasMore ? isOpen : undefined}
        disabled={!hasMore}
        onClick={() => setOpen(!isOpen)}
        className="focus-ring-inset flex w-full min-w-0 items-start gap-2 rounded-md px-2 py-1.5 text-left enabled:hover:bg-hover pointer-coarse:py-2.5"
      >
        <Icon aria-hidden className={cn("mt-0.5", hue)} />
        <span className="min-w-0 flex-1">
          <span className={cn("block break-words", !isOpen && "line-clamp-2")}>{step.title}</span>
          <span className="tabular flex flex-wrap gap-x-2 text-sm text-muted">
            <span className="max-w-full truncate">
              {step.by} · {word.toLowerCase()}
            </span>
            {step.duration_ms !== null && <span>{sayDuration(step.duration_ms)}</span>}
            {step.cost_micros > 0 && <span>{formatMicros(step.cost_micros)}</span>}
            {step.input_tokens + step.output_tokens > 0 && (
              <span>{(step.input_tokens + step.output_tokens).toLocaleString("en")} tokens</span>
            )}
          </span>
        </span>
        <state.icon aria-label={state.word} className={cn("mt-0.5 size-3.5", state.hue)} />
        <ChevronRight
          aria-hidden
          className={cn(
            "mt-0.5 size-3.5 text-muted transition-transform duration-[120ms]",
            isOpen && "rotate-90",
            !hasMore && "invisible",
          )}
        />
      </button>
      {isOpen && <Insides step={step} />}
      {inside.length > 0 && (
        <ul aria-label={`Inside ${step.title}`} className="ml-4 border-l border-line pl-1">
          {inside.map((node) => (
            <StepItem key={node.step.id} node={node} />
          ))}
        </ul>
      )}
    </li>
  )
}

function Insides({ step }: { step: ChatStep }) {
  const { detail, result } = looks[step.type]
  return (
    <div className="flex flex-col gap-2 px-2 pb-2 pl-8">
      {step.detail !== null && <Value label={detail} value={step.detail} isText={step.type !== "tool"} />}
      {step.result !== null && <Value label={result} value={step.result} isText={step.type !== "tool"} />}
      {step.result !== null && <Artifacts value={step.result} />}
    </div>
  )
}

const Value = ({ label, value, isText }: { label: string; value: Json; isText: boolean }) => (
  <div className="min-w-0">
    <p className="mb-0.5 text-sm text-muted">{label}</p>
    <div className="max-h-96 overflow-auto rounded-md border border-line bg-sunken px-3 py-2">
      {typeof value === "string" ? (
        isText ? (
          <Markdown text={value} />
        ) : (
          <p className="font-mono text-sm break-words whitespace-pre-wrap">{value}</p>
        )
      ) : (
        <JsonView value={value} label={label} />
      )}
    </div>
  </div>
)
