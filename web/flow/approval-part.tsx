import { CircleCheck, CircleSlash } from "lucide-react"
import { isUnderWay } from "#core/execution/status"
import type { ApprovalState, NodeState } from "#core/execution/state"
import type { ExecutionId } from "#core/ids"
import { useActors } from "#web/api/choices.ts"
import { useCan, useMe } from "#web/api/me.ts"
import { Markdown } from "#web/ui/markdown.tsx"
import { RelativeTime } from "#web/ui/relative-time.tsx"
import { ApprovalForm } from "./approval-form.tsx"
import { ResolvedFields } from "./resolved-fields.tsx"
import { isLate, useAnswer } from "./use-answer.ts"

type ApprovalPartProps = {
  executionId: ExecutionId
  run: NodeState
  approval: ApprovalState
  /** What is asked about stands beside it already. */
  brief?: boolean
}

/** A question to answer in place, or who answered it and how. */
export function ApprovalPart({ executionId, run, approval: asked, brief = false }: ApprovalPartProps) {
  const approval = brief ? { ...asked, message: undefined } : asked
  const { user } = useMe()
  const mayAnswer = useCan("approval.answer")
  const answer = useAnswer(executionId)
  if (approval.answer) return <Answered approval={approval} late={isLate(answer.error)} />
  if (!isUnderWay(run.status))
    return <Withdrawn approval={approval} timedOut={run.handles.includes("timeout")} />
  const { assignees } = approval
  const isAsked = assignees.length === 0 || assignees.includes(user.id) || assignees.includes(user.email)
  if (!mayAnswer || !isAsked) {
    return (
      <Question approval={approval}>
        <p className="rounded-md border border-line bg-sunken px-3 py-2.5 text-muted">
          {mayAnswer ? `This is asked of ${assignees.join(", ")}.` : "Your role may not answer questions."}
        </p>
      </Question>
    )
  }
  return (
    <div className="flex flex-col gap-3">
      <ApprovalForm
        approval={{
          title: approval.title,
          message: approval.message ?? null,
          form_schema: approval.form_schema ?? null,
          buttons: [...approval.buttons],
          due: approval.due ?? null,
          ...(approval.by_others ? { by_others: true } : {}),
        }}
        busy={answer.isPending}
        error={isLate(answer.error) ? null : answer.error}
        onAnswer={(button, form) => answer.mutate({ approval_id: approval.approval_id, button, form })}
      />
      <p className="text-sm text-muted">
        {assignees.length === 0
          ? "Everybody who may start executions may answer."
          : `Asked of ${assignees.join(", ")}.`}
      </p>
    </div>
  )
}

const Question = ({ approval, children }: { approval: ApprovalState; children: React.ReactNode }) => (
  <div className="flex min-w-0 flex-col gap-4">
    <h3 className="text-md font-semibold break-words">{approval.title}</h3>
    {children}
    {approval.message !== undefined && <Markdown text={approval.message} className="prose-width text-soft" />}
  </div>
)

function Answered({ approval, late }: { approval: ApprovalState; late: boolean }) {
  const actors = useActors()
  const { button, actor, at, form } = approval.answer!
  const label = approval.buttons.find(({ id }) => id === button)?.label ?? button
  const who = actor === "link" ? "Somebody with a signed link" : actors.say(actor)
  return (
    <Question approval={approval}>
      {late && actor !== "" && (
        <p role="alert" className="rounded-md bg-waiting-soft px-3 py-2 text-waiting">
          {who} was quicker: your answer was not taken.
        </p>
      )}
      <p role="status" className="flex gap-2.5 rounded-md border border-line bg-sunken px-3 py-2.5">
        <CircleCheck aria-hidden className="mt-0.5 text-succeeded" />
        <span className="min-w-0">
          <span className="block font-medium break-words">{label}</span>
          <span className="block text-muted">
            {who} answered <RelativeTime at={at} />
          </span>
        </span>
      </p>
      {form && Object.keys(form).length > 0 && <ResolvedFields value={form} label="Form" />}
    </Question>
  )
}

const Withdrawn = ({ approval, timedOut }: { approval: ApprovalState; timedOut: boolean }) => (
  <Question approval={approval}>
    <p className="flex gap-2.5 rounded-md border border-line bg-sunken px-3 py-2.5">
      <CircleSlash aria-hidden className="mt-0.5 text-cancelled" />
      {timedOut
        ? "Nobody answered in time: the timeout route was taken."
        : "No longer asked: the execution went on without an answer."}
    </p>
  </Question>
)
