import { Link } from "@tanstack/react-router"
import { Activity, ListTree, X } from "lucide-react"
import { useMemo } from "react"
import type { ChatMessage } from "#core/contract/chat"
import { formatMicros } from "#core/money"
import { EmptyState } from "#web/ui/empty-state.tsx"
import { IconButton } from "#web/ui/icon-button.tsx"
import { sayDuration } from "#web/ui/relative-time.tsx"
import { useNow } from "#web/ui/use-now.ts"
import { stepTree } from "../model/steps.ts"
import { useMessage } from "../use-chat.ts"
import { StepTree } from "./step-tree.tsx"

type PanelProps = {
  messageId: string | undefined
  onClose: () => void
  /** Inside a dialog that has a title and a button of its own. */
  bare: boolean
}

/** Every thought, delegation, tool call and model call on the way to one answer. */
export function TracePanel({ messageId, onClose, bare }: PanelProps) {
  const message = useMessage(messageId ?? "")
  return (
    <>
      {!bare && (
        <header className="flex h-11 shrink-0 items-center gap-2 border-b border-line pr-2 pl-4">
          <h2 className="min-w-0 flex-1 truncate font-medium">How this answer came about</h2>
          <IconButton label="Close the trace" size="sm" onClick={onClose}>
            <X />
          </IconButton>
        </header>
      )}
      {message ? (
        <div className="min-h-0 flex-1 overflow-y-auto">
          <Facts message={message} />
          <Steps message={message} />
        </div>
      ) : (
        <EmptyState icon={ListTree} title="No answer yet" className="py-10">
          The steps of an answer stand here as they happen.
        </EmptyState>
      )}
    </>
  )
}

function Facts({ message }: { message: ChatMessage }) {
  const isOver = message.finished_at !== null
  const now = useNow(isOver ? null : 1_000)
  const until = message.finished_at === null ? now : Date.parse(message.finished_at)
  const facts = [
    ["Time", sayDuration(Math.max(0, until - Date.parse(message.created_at)))],
    ["Cost", formatMicros(message.cost_micros)],
    ["Read", `${message.input_tokens.toLocaleString("en")} tokens`],
    ["Written", `${message.output_tokens.toLocaleString("en")} tokens`],
  ]
  return (
    <div className="border-b border-line px-4 py-3">
      <dl className="tabular grid grid-cols-4 gap-2 text-sm max-md:grid-cols-2">
        {facts.map(([name, value]) => (
          <div key={name} className="min-w-0">
            <dt className="text-muted">{name}</dt>
            <dd className="truncate">{value}</dd>
          </div>
        ))}
      </dl>
      {message.execution_id !== null && (
        <Link
          to="/executions/$executionId"
          params={{ executionId: message.execution_id }}
          className="focus-ring mt-2 inline-flex items-center gap-1.5 rounded-sm text-sm text-accent-ink hover:underline"
        >
          <Activity aria-hidden className="size-3.5" />
          Open the execution
        </Link>
      )}
    </div>
  )
}

function Steps({ message }: { message: ChatMessage }) {
  const { steps, status } = message
  const tree = useMemo(() => stepTree(steps), [steps])
  if (tree.length > 0) return <StepTree nodes={tree} />
  return (
    <p className="px-4 py-6 text-center text-muted">
      {status === "queued" ? "Comes after the answer before it." : "Nothing has happened yet."}
    </p>
  )
}
