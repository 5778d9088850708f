import { useQuery } from "@tanstack/react-query"
import { Link, useParams } from "@tanstack/react-router"
import { Columns2 } from "lucide-react"
import { useMemo } from "react"
import { Failure } from "#core/errors"
import { Button } from "#web/ui/button.tsx"
import { EmptyState } from "#web/ui/empty-state.tsx"
import { ErrorState } from "#web/ui/error-state.tsx"
import { PageHeader } from "#web/ui/page-header.tsx"
import { Loading, Skeleton } from "#web/ui/skeleton.tsx"
import { DrawnFlow } from "../model/drawn-flow.ts"
import { diffQuery, executionQuery } from "../queries.ts"
import { Comparison } from "./comparison.tsx"

/** Two executions side by side: what differs between them, as a whole and step by step. */
export function ComparePage() {
  const { executionId, otherId } = useParams({
    from: "/shell/inside/executions/$executionId/compare/$otherId",
  })
  const diff = useQuery(diffQuery(executionId, otherId))
  // The graph names the steps; without it they have their ids.
  const graph = useQuery(executionQuery(executionId)).data?.execution.graph
  const flow = useMemo(() => (graph ? new DrawnFlow(graph) : undefined), [graph])
  return (
    <>
      <PageHeader
        crumbs={[
          { label: "Executions", to: "/executions" },
          { label: `Compare …${executionId.slice(-6)} and …${otherId.slice(-6)}` },
        ]}
      />
      {diff.data ? (
        <Comparison key={`${executionId} ${otherId}`} diff={diff.data} flow={flow} />
      ) : diff.error ? (
        <NotCompared error={diff.error} onRetry={() => void diff.refetch()} />
      ) : (
        <Loading what="the comparison" className="flex flex-col gap-4 p-4">
          <Skeleton className="h-24" />
          <Skeleton className="h-64" />
        </Loading>
      )}
    </>
  )
}

function NotCompared({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const isGone = error instanceof Failure && (error.status === 404 || error.code === "request.invalid")
  if (!isGone) return <ErrorState error={error} onRetry={onRetry} className="my-auto" />
  return (
    <EmptyState
      icon={Columns2}
      title="One of the two is not there"
      className="my-auto"
      action={
        <Button asChild tone="primary">
          <Link to="/executions">Go to executions</Link>
        </Button>
      }
    >
      The address may be mistyped, or an execution was deleted.
    </EmptyState>
  )
}
