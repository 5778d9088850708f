import { useQuery } from "@tanstack/react-query"
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router"
import { UserRoundCheck } from "lucide-react"
import { Failure } from "#core/errors"
import type { FlowGraph } from "#core/flow/graph"
import { Button } from "#web/ui/button.tsx"
import { EmptyState } from "#web/ui/empty-state.tsx"
import { ErrorState } from "#web/ui/error-state.tsx"
import { PageHeader } from "#web/ui/page-header.tsx"
import { Loading, Skeleton } from "#web/ui/skeleton.tsx"
import { comparedFlowQuery, frozenQuery } from "../versions/queries.ts"
import { VersionComparison } from "../versions/version-comparison.tsx"
import { refusedBefore, reviewsQuery } from "./queries.ts"
import { ReviewStrip } from "./review-strip.tsx"

const here = "/shell/inside/flows/$flowId/review"

/** What the first draft is compared with: nothing. */
const nothing: FlowGraph = { nodes: [], edges: [], settings: {} }

/** What somebody asked to publish: the draft beside what is published, what is wrong with it, what it costs, and the answer. */
export function ReviewPage() {
  const { flowId } = useParams({ from: here })
  const { at } = useSearch({ from: here })
  const navigate = useNavigate()
  const reviews = useQuery(reviewsQuery(flowId))
  const opened = useQuery(comparedFlowQuery(flowId))
  const base = opened.data?.flow.published_version ?? null
  const frozen = useQuery({ ...frozenQuery(flowId, base ?? 0), enabled: base !== null })
  const from = base === null ? nothing : frozen.data
  const review = reviews.data && (reviews.data.review ?? refusedBefore(reviews.data) ?? null)
  const failed = reviews.error ?? opened.error ?? frozen.error
  return (
    <>
      <PageHeader
        crumbs={[
          { label: "Flows", to: "/flows" },
          { label: opened.data?.flow.name ?? "…", to: `/flows/${flowId}` },
          { label: "Review" },
        ]}
      />
      {failed ? (
        <NotOpened
          error={failed}
          onRetry={() => void Promise.all([reviews.refetch(), opened.refetch(), frozen.refetch()])}
        />
      ) : !reviews.data || review === undefined || !opened.data || !from ? (
        <Loading what="the review" className="flex min-h-0 flex-1 flex-col gap-4 p-4">
          <Skeleton className="h-8 w-1/2" />
          <Skeleton className="h-64" />
        </Loading>
      ) : review === null ? (
        <NobodyAsked flowId={flowId} />
      ) : (
        <div className="flex h-full min-h-0 flex-col max-lg:overflow-y-auto">
          <ReviewStrip
            state={reviews.data}
            review={review}
            flow={opened.data.flow}
            findings={opened.data.findings}
          />
          <div className="flex min-h-0 flex-1 flex-col max-lg:min-h-[36rem]">
            <VersionComparison
              key={opened.data.flow.version}
              from={from}
              to={opened.data.flow}
              at={at ?? null}
              onAt={(next) =>
                void navigate({
                  to: "/flows/$flowId/review",
                  params: { flowId },
                  search: next === null ? {} : { at: next },
                  replace: true,
                })
              }
            />
          </div>
        </div>
      )}
    </>
  )
}

const NobodyAsked = ({ flowId }: { flowId: string }) => (
  <EmptyState
    icon={UserRoundCheck}
    title="Nothing waits for a review"
    className="my-auto"
    action={
      <Button asChild tone="primary">
        <Link to="/flows/$flowId" params={{ flowId }}>
          Open the editor
        </Link>
      </Button>
    }
  >
    Nobody has asked to have this draft approved, or it was published since.
  </EmptyState>
)

function NotOpened({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const isGone = error instanceof Failure && (error.status === 404 || error.code === "request.invalid")
  if (!isGone) return <ErrorState error={error} onRetry={onRetry} className="my-auto" />
  return (
    <EmptyState
      icon={UserRoundCheck}
      title="There is no such flow"
      className="my-auto"
      action={
        <Button asChild tone="primary">
          <Link to="/flows">Go to flows</Link>
        </Button>
      }
    >
      The address may be mistyped, or the flow was deleted.
    </EmptyState>
  )
}
