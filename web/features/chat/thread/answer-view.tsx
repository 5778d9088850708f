import { Ban, CircleAlert, CircleDashed, Hourglass } from "lucide-react"
import type { ChatMessage } from "#core/contract/chat"
import { adviceFor } from "#web/flow/error-advice.ts"
import { Avatar } from "#web/ui/avatar.tsx"
import { StatusBadge } from "#web/ui/badge.tsx"
import { Markdown } from "#web/ui/markdown.tsx"
import { useSmoothText } from "#web/ui/use-smooth-text.ts"
import { AnswerActs } from "./answer-acts.tsx"
import { InlineQuestion } from "./inline-question.tsx"
import { StepLine } from "./step-line.tsx"

type AnswerProps = { message: ChatMessage; beside: readonly string[]; isLast: boolean }

/** What a partner answered, how it came about in one line, and what can be done with it. */
export function AnswerView({ message, beside, isLast }: AnswerProps) {
  const { status, author, steps } = message
  const isOver = status === "done" || status === "failed" || status === "stopped"
  return (
    <article
      aria-label={`Answer of ${author}`}
      aria-busy={!isOver}
      className="group/message flex min-w-0 flex-col gap-1.5"
    >
      <header className="flex min-w-0 items-center gap-2">
        <Avatar name={author} shape="square" />
        <span className="min-w-0 truncate font-medium" title={author}>
          {author}
        </span>
        <Status message={message} />
      </header>
      <div className="flex min-w-0 flex-col gap-2 pl-7 max-md:pl-0">
        {(steps.length > 0 || status === "answering") && <StepLine message={message} />}
        {steps.map(
          (step) =>
            step.type === "approval" &&
            step.status === "waiting" &&
            step.approval_id !== null &&
            message.execution_id !== null && (
              <InlineQuestion
                key={step.id}
                title={step.title}
                executionId={message.execution_id}
                approvalId={step.approval_id}
              />
            ),
        )}
        <Words message={message} />
        {message.error && <Failed error={message.error} />}
        {isOver && <AnswerActs message={message} beside={beside} isLast={isLast} />}
      </div>
    </article>
  )
}

function Words({ message: { content, status } }: { message: ChatMessage }) {
  const isWriting = status === "answering"
  const shown = useSmoothText(content, isWriting)
  if (content === "" && !(isWriting && shown !== "")) return null
  return <Markdown text={shown} writing={isWriting} className="prose-width text-md leading-6" />
}

function Status({ message: { status } }: { message: ChatMessage }) {
  switch (status) {
    case "queued":
      return (
        <StatusBadge tone="neutral" icon={CircleDashed}>
          Comes after the answer before it
        </StatusBadge>
      )
    case "waiting":
      return (
        <StatusBadge tone="waiting" icon={Hourglass}>
          Waits for a person
        </StatusBadge>
      )
    case "stopped":
      return (
        <StatusBadge tone="cancelled" icon={Ban}>
          Stopped
        </StatusBadge>
      )
    default:
      return null
  }
}

const Failed = ({ error: { code, message } }: { error: NonNullable<ChatMessage["error"]> }) => (
  <div role="alert" className="flex gap-2 rounded-md bg-failed-soft px-3 py-2 text-failed">
    <CircleAlert aria-hidden className="mt-0.5" />
    <div className="min-w-0 break-words">
      <p className="font-medium">{message}</p>
      <p className="text-ink">{adviceFor(code).say}</p>
      <p className="font-mono text-xs">{code}</p>
    </div>
  </div>
)
