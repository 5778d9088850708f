import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { useParams } from "@tanstack/react-router"
import { Link2Off } from "lucide-react"
import { approvalsApi, type AskedByLink } from "#core/contract/approvals"
import { Failure } from "#core/errors"
import type { JsonObject } from "#core/json"
import { call } from "#web/api/call.ts"
import { ApprovalForm } from "#web/flow/approval-form.tsx"
import { EmptyState } from "#web/ui/empty-state.tsx"
import { ErrorState } from "#web/ui/error-state.tsx"
import { Markdown } from "#web/ui/markdown.tsx"
import { OpenPage } from "#web/ui/open-page.tsx"
import { Loading, Skeleton } from "#web/ui/skeleton.tsx"
import { Outcome } from "./outcome.tsx"

const askedQuery = (token: string) =>
  queryOptions({
    queryKey: ["asked", token],
    queryFn: ({ signal }) => call(approvalsApi.byLink, { params: { token }, signal }),
    refetchInterval: ({ state }) => (state.data?.approval.status === "open" ? 20_000 : false),
  })

/** A question for somebody who was sent a signed link: what is asked, the way to answer, and nothing else of the tenant. */
export function ApprovePage() {
  const { token } = useParams({ from: "/approve/$token" })
  const asked = useQuery(askedQuery(token))
  const approval = asked.data?.approval
  if (approval) return <Asked key={token} token={token} approval={approval} />
  if (asked.error) return <NotAsked error={asked.error} onRetry={() => void asked.refetch()} />
  return (
    <OpenPage title="Question">
      <Loading what="the question" className="flex flex-col gap-4">
        <Skeleton className="w-24" />
        <Skeleton className="h-5 w-2/3" />
        <Skeleton className="w-full" />
        <Skeleton className="w-4/5" />
      </Loading>
    </OpenPage>
  )
}

function Asked({ token, approval }: { token: string; approval: AskedByLink }) {
  const queries = useQueryClient()
  const answer = useMutation({
    mutationFn: ({ button, form }: { button: string; form: JsonObject | undefined }) =>
      call(approvalsApi.answerByLink, { params: { token }, body: { button, ...(form ? { form } : {}) } }),
    onSuccess: (answered) => queries.setQueryData(askedQuery(token).queryKey, answered),
    // Somebody else was quicker, or the link was used before: what was said is shown instead.
    onError: (error) =>
      error instanceof Failure && error.status === 409
        ? queries.invalidateQueries({ queryKey: askedQuery(token).queryKey })
        : undefined,
  })
  const isLate = answer.error instanceof Failure && answer.error.status === 409
  return (
    <OpenPage title={approval.title} from={`${approval.tenant_name} · ${approval.flow_name}`}>
      <h1 className="text-xl font-semibold tracking-tight break-words">{approval.title}</h1>
      {approval.status === "open" ? (
        <ApprovalForm
          approval={approval}
          untitled
          busy={answer.isPending}
          error={isLate ? null : answer.error}
          onAnswer={(button, form) => answer.mutate({ button, form })}
        />
      ) : (
        <>
          {isLate && <p role="alert">This was answered before; your answer was not taken.</p>}
          {answer.isSuccess && <p>Thank you. Your answer was taken; you can close this page.</p>}
          <Outcome approval={approval} />
          {!answer.isSuccess && approval.message && (
            <Markdown text={approval.message} className="prose-width text-soft" />
          )}
        </>
      )}
    </OpenPage>
  )
}

/** Links expire, are mistyped, and point at what was deleted; none of it says whether there ever was a question. */
function NotAsked({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const isDead = error instanceof Failure && (error.status === 404 || error.status === 422)
  return (
    <OpenPage title={isDead ? "This link is not valid" : "Not opened"}>
      {isDead ? (
        <EmptyState icon={Link2Off} heading="h1" title="This link is not valid" className="py-8">
          It may have expired, or it is incomplete. Copy the whole link, or ask whoever sent it for a new one.
        </EmptyState>
      ) : (
        <ErrorState error={error} heading="h1" onRetry={onRetry} className="py-8" />
      )}
    </OpenPage>
  )
}
