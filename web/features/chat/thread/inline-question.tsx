import { useQuery } from "@tanstack/react-query"
import { MessageCircleQuestion } from "lucide-react"
import { ApprovalId, type ExecutionId } from "#core/ids"
import { useCan, useMe } from "#web/api/me.ts"
import { ApprovalForm } from "#web/flow/approval-form.tsx"
import { ErrorNote } from "#web/ui/error-note.tsx"
import { Loading, Skeleton } from "#web/ui/skeleton.tsx"
import { isLate, questionQuery, useAnswerQuestion } from "../queries.ts"

type QuestionProps = { title: string; executionId: ExecutionId; approvalId: string }

/** What the answer waits for, answered where it is asked. */
export function InlineQuestion({ title, executionId, approvalId }: QuestionProps) {
  const place = { execution_id: executionId, approval_id: ApprovalId.parse(approvalId) }
  const { user } = useMe()
  const mayAnswer = useCan("approval.answer")
  const question = useQuery(questionQuery(place))
  const answer = useAnswerQuestion(place)
  const approval = question.data
  const isAsked =
    approval?.assignees.length === 0 ||
    approval?.assignees.some((one) => one === user.id || one === user.email)
  return (
    <section
      aria-label={title}
      className="flex flex-col gap-2 rounded-md border border-line-strong bg-sunken px-4 py-3"
    >
      <p className="flex items-center gap-1.5 text-sm font-medium text-waiting">
        <MessageCircleQuestion aria-hidden className="size-3.5" />
        The answer waits for this
      </p>
      {question.error ? (
        <ErrorNote error={question.error} />
      ) : !approval ? (
        <Loading what="the question" className="flex flex-col gap-2 py-1">
          <Skeleton className="w-2/3" />
          <Skeleton className="h-8 w-40" />
        </Loading>
      ) : approval.status !== "open" ? (
        <p className="text-muted">
          {isLate(answer.error) ? "Somebody was quicker: your answer was not taken." : "Answered."}
        </p>
      ) : mayAnswer && isAsked ? (
        <ApprovalForm
          approval={approval}
          busy={answer.isPending}
          error={isLate(answer.error) ? null : answer.error}
          onAnswer={(button, form) => answer.mutate({ button, form })}
        />
      ) : (
        <>
          <h3 className="text-md font-semibold break-words">{approval.title}</h3>
          <p className="text-muted">
            {mayAnswer
              ? `This is asked of ${approval.assignees.join(", ")}.`
              : "Your role may not answer questions."}
          </p>
        </>
      )}
    </section>
  )
}
