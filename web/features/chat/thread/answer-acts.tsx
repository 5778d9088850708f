import { Link } from "@tanstack/react-router"
import { Activity, Link2, RotateCw, ThumbsDown, ThumbsUp } from "lucide-react"
import { useState } from "react"
import type { ChatMessage } from "#core/contract/chat"
import { formatMicros } from "#core/money"
import { useCan } from "#web/api/me.ts"
import { buttonLook } from "#web/ui/button-look.ts"
import { cn } from "#web/ui/cn.ts"
import { CopyButton } from "#web/ui/copy-button.tsx"
import { ErrorNote } from "#web/ui/error-note.tsx"
import { IconButton } from "#web/ui/icon-button.tsx"
import { RelativeTime } from "#web/ui/relative-time.tsx"
import { Tooltip } from "#web/ui/tooltip.tsx"
import { useCopy } from "#web/ui/use-copy.ts"
import { toast } from "#web/ui/toast.tsx"
import { BranchSwitch } from "./branch-switch.tsx"
import { useThisThread } from "./use-thread.ts"

type ActsProps = {
  message: ChatMessage
  beside: readonly string[]
  /** Of the last answer they are always in view. */
  isLast: boolean
}

/** What one does with an answer, and what it has cost. */
export function AnswerActs({ message, beside, isLast }: ActsProps) {
  const mayWrite = useCan("chat.write")
  const { id, content, cost_micros: cost, input_tokens: input, output_tokens: output } = message
  return (
    <footer className="flex min-h-7 flex-wrap items-center gap-x-2 gap-y-1 text-sm text-muted">
      <BranchSwitch id={id} beside={beside} />
      <span
        className={cn(
          "-ml-1.5 flex items-center gap-0.5",
          !isLast &&
            message.feedback === null &&
            "opacity-0 group-focus-within/message:opacity-100 group-hover/message:opacity-100 pointer-coarse:opacity-100",
        )}
      >
        {content !== "" && <CopyButton text={content} label="Copy answer" />}
        {mayWrite && <Retry id={id} />}
        {mayWrite && <Thumbs message={message} />}
        <CopyLink id={id} />
        {message.execution_id !== null && <ToExecution id={message.execution_id} />}
      </span>
      <span className="tabular ml-auto flex items-center gap-2 whitespace-nowrap">
        {cost > 0 && <span title="What this answer has cost">{formatMicros(cost)}</span>}
        {input + output > 0 && (
          <span title={`${input.toLocaleString("en")} tokens read, ${output.toLocaleString("en")} written`}>
            {(input + output).toLocaleString("en")} tokens
          </span>
        )}
        <RelativeTime at={message.finished_at ?? message.created_at} />
      </span>
    </footer>
  )
}

function Retry({ id }: { id: string }) {
  const { retry } = useThisThread()
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<unknown>(null)
  const press = async () => {
    setBusy(true)
    setFailure(null)
    try {
      await retry(id)
    } catch (error) {
      setFailure(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <>
      <IconButton label="Answer once more" size="sm" busy={busy} onClick={() => void press()}>
        <RotateCw />
      </IconButton>
      {failure !== null && <ErrorNote error={failure} className="py-1" />}
    </>
  )
}

const thumbs = [
  { value: "up", label: "Good answer", icon: ThumbsUp },
  { value: "down", label: "Bad answer", icon: ThumbsDown },
] as const

function Thumbs({ message }: { message: ChatMessage }) {
  const { acts } = useThisThread()
  const rate = (value: "up" | "down") =>
    void acts
      .rate(message, message.feedback === value ? null : value)
      .catch((error: unknown) => toast.failed(error, "The rating was not kept"))
  return thumbs.map(({ value, label, icon: Icon }) => (
    <IconButton
      key={value}
      label={label}
      size="sm"
      aria-pressed={message.feedback === value}
      onClick={() => rate(value)}
    >
      <Icon className={cn(message.feedback === value && "fill-accent-soft text-accent-ink")} />
    </IconButton>
  ))
}

function CopyLink({ id }: { id: string }) {
  const { copied, copy } = useCopy()
  return (
    <IconButton
      label={copied ? "Copied" : "Copy link"}
      size="sm"
      onClick={() => copy(`${location.origin}${location.pathname}?message=${id}`)}
    >
      <Link2 className={cn(copied && "text-succeeded")} />
    </IconButton>
  )
}

const ToExecution = ({ id }: { id: string }) => (
  <Tooltip text="Open the execution">
    <Link
      to="/executions/$executionId"
      params={{ executionId: id }}
      aria-label="Open the execution"
      className={buttonLook({ tone: "ghost", size: "sm", shape: "icon" })}
    >
      <Activity aria-hidden />
    </Link>
  </Tooltip>
)
