import { useMutation, useQueryClient } from "@tanstack/react-query"
import { Link } from "@tanstack/react-router"
import {
  CircleAlert,
  CircleCheck,
  TriangleAlert,
  UserRoundCheck,
  UserRoundSearch,
  UserRoundX,
} from "lucide-react"
import { useState } from "react"
import type { Flow } from "#core/contract/flows"
import type { Review, ReviewState } from "#core/contract/reviews"
import type { Finding } from "#core/flow/graph"
import { useCan, useMe } from "#web/api/me.ts"
import { queryKeys } from "#web/api/query-keys.ts"
import { StatusBadge } from "#web/ui/badge.tsx"
import { Button } from "#web/ui/button.tsx"
import { RelativeTime } from "#web/ui/relative-time.tsx"
import { toast } from "#web/ui/toast.tsx"
import { CostNote } from "../versions/cost-note.tsx"
import { AnswerDialog } from "./answer-dialog.tsx"
import { withdrawReview } from "./queries.ts"

type ReviewStripProps = { state: ReviewState; review: Review; flow: Flow; findings: Finding[] }

const looks = {
  // What is shown is then a refusal of what the draft was.
  none: { tone: "attention", icon: UserRoundX, words: "Changed since it was refused" },
  open: { tone: "waiting", icon: UserRoundSearch, words: "Waits for review" },
  approved: { tone: "succeeded", icon: UserRoundCheck, words: "Approved" },
  refused: { tone: "failed", icon: UserRoundX, words: "Refused" },
  stale: { tone: "attention", icon: TriangleAlert, words: "Changed since" },
} as const

/** Who asks for what, what is known of it, and the acts of whoever looks. */
export function ReviewStrip({ state, review, flow, findings }: ReviewStripProps) {
  const { tone, icon, words } = looks[state.standing]
  return (
    <section
      aria-label="Review"
      className="flex shrink-0 gap-x-10 gap-y-3 border-b bg-surface px-4 py-3 max-lg:flex-col"
    >
      <div className="flex min-w-0 flex-1 flex-col gap-1.5">
        <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <StatusBadge look="soft" tone={tone} icon={icon}>
            {words}
          </StatusBadge>
          <span className="text-soft">
            {review.requested_by.name} asked <RelativeTime at={review.requested_at} />
            {review.base_version === null
              ? ", to publish the first version"
              : `, to publish over version ${review.base_version}`}
          </span>
        </p>
        {review.note && <p className="prose-width break-words whitespace-pre-wrap">{review.note}</p>}
        {review.answered_by && review.answered_at && (
          <p className="prose-width text-soft">
            {review.answered_by.name} {review.status === "refused" ? "refused" : "approved"}{" "}
            <RelativeTime at={review.answered_at} />
            {review.reason && <span className="break-words text-ink">: {review.reason}</span>}
          </p>
        )}
        {(state.standing === "stale" || state.standing === "none") && (
          <p className="text-attention">
            The draft has changed since. What is shown is the draft as it is now; its author asks for a review
            again.
          </p>
        )}
      </div>
      <div className="flex min-w-0 flex-col gap-1.5 lg:max-w-sm">
        <FoundNote findings={findings} />
        <CostNote flowId={flow.id} nodes={flow.nodes} />
      </div>
      <Acts state={state} review={review} flowId={flow.id} />
    </section>
  )
}

const mostShown = 3

/** What the validation says of the draft. */
function FoundNote({ findings }: { findings: readonly Finding[] }) {
  if (findings.length === 0) {
    return (
      <p className="flex items-center gap-2 text-sm text-soft">
        <CircleCheck aria-hidden className="size-3.5 shrink-0 text-succeeded" />
        No problems
      </p>
    )
  }
  const sorted = findings.toSorted((one, other) => one.severity.localeCompare(other.severity))
  return (
    <ul aria-label="Problems" className="flex flex-col gap-1 text-sm text-soft">
      {sorted.slice(0, mostShown).map((one) => (
        <li
          key={`${one.node_id} ${one.edge_id} ${one.path} ${one.message}`}
          className="flex items-start gap-2"
        >
          {one.severity === "error" ? (
            <CircleAlert role="img" aria-label="Error" className="mt-0.5 size-3.5 shrink-0 text-failed" />
          ) : (
            <TriangleAlert
              role="img"
              aria-label="Warning"
              className="mt-0.5 size-3.5 shrink-0 text-waiting"
            />
          )}
          <span className="min-w-0">
            {(one.node_id ?? one.edge_id) && (
              <span className="font-mono text-muted">{one.node_id ?? one.edge_id} </span>
            )}
            {one.message}
          </span>
        </li>
      ))}
      {sorted.length > mostShown && (
        <li className="text-muted">and {sorted.length - mostShown} more, in the editor</li>
      )}
    </ul>
  )
}

function Acts({ state, review, flowId }: { state: ReviewState; review: Review; flowId: string }) {
  const [answering, setAnswering] = useState<"approve" | "refuse" | null>(null)
  const mayEdit = useCan("flow.edit")
  const { user } = useMe()
  const queries = useQueryClient()
  const withdraw = useMutation({
    mutationFn: () => withdrawReview(flowId, review.id),
    onSuccess: () => toast.done("The review was withdrawn"),
    onError: (error) => toast.failed(error, "The review was not withdrawn"),
    onSettled: () => queries.invalidateQueries({ queryKey: queryKeys.flows }),
  })
  const isOpen = state.standing === "open"
  const isOwn = review.requested_by.id === user.id
  return (
    <div className="flex shrink-0 flex-wrap items-start gap-2 lg:justify-end">
      {isOpen && state.may_answer && (
        <>
          <Button size="sm" onClick={() => setAnswering("refuse")}>
            Refuse
          </Button>
          <Button size="sm" tone="primary" onClick={() => setAnswering("approve")}>
            Approve
          </Button>
        </>
      )}
      {isOpen && mayEdit && isOwn && (
        <Button size="sm" busy={withdraw.isPending} onClick={() => withdraw.mutate()}>
          Withdraw
        </Button>
      )}
      {!state.may_answer && (
        <Button asChild size="sm" tone={state.standing === "approved" ? "primary" : "ghost"}>
          <Link to="/flows/$flowId" params={{ flowId }}>
            Open the editor
          </Link>
        </Button>
      )}
      {answering && (
        <AnswerDialog answer={answering} flowId={flowId} review={review} onClose={() => setAnswering(null)} />
      )}
    </div>
  )
}
