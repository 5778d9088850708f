import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { Link } from "@tanstack/react-router"
import { Activity, Inbox, Workflow } from "lucide-react"
import type { Approval } from "#core/contract/approvals"
import { Failure } from "#core/errors"
import { nodeKey } from "#core/execution/state"
import { useActors } from "#web/api/choices.ts"
import { useCan, useMe } from "#web/api/me.ts"
import { executedAt } from "#web/flow/executed.ts"
import { ApprovalForm } from "#web/flow/approval-form.tsx"
import { Button } from "#web/ui/button.tsx"
import { EmptyState } from "#web/ui/empty-state.tsx"
import { ErrorState } from "#web/ui/error-state.tsx"
import { Markdown } from "#web/ui/markdown.tsx"
import { RelativeTime } from "#web/ui/relative-time.tsx"
import { Loading, Skeleton } from "#web/ui/skeleton.tsx"
import { FilledForm } from "./filled-form.tsx"
import { isAsked } from "./model.ts"
import { Outcome } from "./outcome.tsx"
import { approvalQuery, isLate, useAnswer, type ApprovalPlace } from "./queries.ts"
import { SignedLink } from "./signed-link.tsx"

type DetailProps = {
  place: ApprovalPlace
  /** What the list knows of it already. */
  known: Approval | undefined
  /** An answer was given: the page stays at this question. */
  onAnswered: () => void
}

/** One question with all that belongs to it: what is asked, by which execution, and the answer or the way to give it. */
export function ApprovalDetail({ place, known, onAnswered }: DetailProps) {
  const loaded = useQuery({ ...approvalQuery(place), placeholderData: known ?? keepPreviousData })
  const approval = loaded.data?.id === place.id ? loaded.data : known
  if (!approval) {
    if (loaded.error) return <NotOpened error={loaded.error} onRetry={() => void loaded.refetch()} />
    return <DetailSkeleton />
  }
  return (
    <article
      aria-label={approval.title}
      className="mx-auto flex max-w-2xl flex-col gap-5 px-6 py-6 max-md:px-4 max-md:py-4"
    >
      <Heading approval={approval} />
      <Question key={approval.id} approval={approval} onAnswered={onAnswered} />
    </article>
  )
}

function Heading({ approval }: { approval: Approval }) {
  const mayAnswer = useCan("approval.answer")
  const { flow_id, flow_name, execution_id, node_id, scope } = approval
  return (
    <header className="flex flex-col gap-2">
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <h2 className="min-w-0 flex-1 basis-64 text-lg font-semibold break-words">{approval.title}</h2>
        {mayAnswer && approval.status === "open" && !approval.by_others && <SignedLink place={approval} />}
      </div>
      <p className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1 text-muted">
        <Link {...executedAt(flow_id).link} title={flow_name} className={way}>
          <Workflow aria-hidden className="size-3.5" />
          <span className="truncate">{flow_name}</span>
        </Link>
        <Link
          to="/executions/$executionId"
          params={{ executionId: execution_id }}
          search={{ node: nodeKey(node_id, scope) }}
          className={way}
        >
          <Activity aria-hidden className="size-3.5" />
          Execution at this step
        </Link>
        <span>
          Asked <RelativeTime at={approval.requested_at} />
        </span>
      </p>
    </header>
  )
}

const way =
  "focus-ring inline-flex min-w-0 max-w-full items-center gap-1 rounded-sm text-soft underline-offset-2 hover:text-ink hover:underline"

type QuestionProps = { approval: Approval; onAnswered: () => void }

function Question({ approval, onAnswered }: QuestionProps) {
  const { user } = useMe()
  const mayAnswer = useCan("approval.answer")
  const answer = useAnswer()
  if (approval.status !== "open") {
    // Answered by this very page, or by somebody who was quicker.
    return <Closed approval={approval} late={isLate(answer.error)} />
  }
  if (!mayAnswer || !isAsked(approval, user)) {
    return (
      <>
        {approval.message && <Markdown text={approval.message} className="prose-width text-soft" />}
        <p className="rounded-md border border-line bg-sunken px-3 py-2.5 text-muted">
          {mayAnswer
            ? `This is asked of ${approval.assignees.join(", ")}.`
            : "Your role may not answer questions."}
        </p>
      </>
    )
  }
  return (
    <ApprovalForm
      approval={approval}
      untitled
      keys
      busy={answer.isPending}
      error={isLate(answer.error) ? null : answer.error}
      onAnswer={(button, form) => {
        onAnswered()
        answer.mutate({ approval, button, form })
      }}
    />
  )
}

function Closed({ approval, late }: { approval: Approval; late: boolean }) {
  const actors = useActors()
  const { answered_by: by } = approval
  const who = by === "link" ? "Somebody with a signed link" : by ? actors.say(by) : undefined
  return (
    <>
      {late && (
        <p role="alert" className="rounded-md bg-waiting-soft px-3 py-2 text-waiting">
          {who && by !== "link" ? who : "Somebody else"} was quicker: your answer was not taken.
        </p>
      )}
      <Outcome approval={approval} who={who} />
      <FilledForm approval={approval} />
      {approval.message && <Markdown text={approval.message} className="prose-width text-soft" />}
    </>
  )
}

function NotOpened({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const isGone = error instanceof Failure && (error.status === 404 || error.code === "request.invalid")
  return isGone ? (
    <EmptyState
      icon={Inbox}
      title="There is no such question"
      action={
        <Button asChild>
          <Link to="/approvals">Go to approvals</Link>
        </Button>
      }
    >
      The address may be mistyped, or the execution that asked was deleted.
    </EmptyState>
  ) : (
    <ErrorState error={error} onRetry={onRetry} />
  )
}

const DetailSkeleton = () => (
  <Loading what="the question" className="mx-auto flex max-w-2xl flex-col gap-4 px-6 py-6">
    <Skeleton className="h-5 w-2/3" />
    <Skeleton className="w-1/2" />
    <Skeleton className="mt-3 w-4/5" />
    <Skeleton className="w-3/5" />
    <span className="mt-2 flex gap-2">
      <Skeleton className="h-8 w-24" />
      <Skeleton className="h-8 w-24" />
    </span>
  </Loading>
)
