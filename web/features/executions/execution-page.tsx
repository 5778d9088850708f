import { useQuery } from "@tanstack/react-query"
import { Link, useParams } from "@tanstack/react-router"
import { Activity } from "lucide-react"
import { Failure } from "#core/errors"
import { LiveProvider, useLive } from "#web/flow/use-execution.ts"
import { useLiveExecution } from "#web/flow/use-live-execution.ts"
import { Button } from "#web/ui/button.tsx"
import { EmptyState } from "#web/ui/empty-state.tsx"
import { ErrorState } from "#web/ui/error-state.tsx"
import { PageHeader } from "#web/ui/page-header.tsx"
import { Loading, Skeleton } from "#web/ui/skeleton.tsx"
import { ExecutionView } from "./execution-view.tsx"
import { executionQuery } from "./queries.ts"

/** The execution of the address: what it executes, how far it has come, and everything that each step did. */
export function ExecutionPage() {
  const { executionId } = useParams({ from: "/shell/inside/executions/$executionId" })
  const loaded = useQuery(executionQuery(executionId))
  const live = useLiveExecution(executionId)
  const link = useLive(live, (one) => one.link)
  if (loaded.isError && !loaded.data)
    return <NotOpened error={loaded.error} onRetry={() => void loaded.refetch()} />
  if (link === "failed") return <NotOpened error={live?.error} onRetry={() => live?.open()} />
  if (!loaded.data || !live || link === "loading") return <ExecutionSkeleton />
  return (
    <LiveProvider value={live}>
      <ExecutionView key={executionId} execution={loaded.data.execution} live={live} />
    </LiveProvider>
  )
}

function ExecutionSkeleton() {
  return (
    <Loading what="the execution" className="flex h-full flex-col">
      <PageHeader crumbs={[{ label: "Executions", to: "/executions" }, { label: "…" }]} />
      <div className="flex h-12 items-center gap-4 border-b bg-surface px-4">
        <Skeleton className="h-5 w-24" />
        <Skeleton className="w-64" />
      </div>
      <div className="flex min-h-0 flex-1">
        <div className="flex-1 max-lg:hidden" />
        <div className="flex flex-1 flex-col gap-4 border-l bg-surface p-4 lg:max-w-[36rem]">
          {["w-2/3", "w-1/2", "w-3/4", "w-1/3", "w-3/5"].map((width) => (
            <Skeleton key={width} className={width} />
          ))}
        </div>
      </div>
    </Loading>
  )
}

function NotOpened({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const isGone = error instanceof Failure && (error.status === 404 || error.code === "request.invalid")
  return (
    <div className="flex h-full flex-col justify-center bg-surface">
      <PageHeader
        crumbs={[{ label: "Executions", to: "/executions" }, { label: isGone ? "Not found" : "Not opened" }]}
      />
      {isGone ? (
        <EmptyState
          icon={Activity}
          title="There is no such execution"
          action={
            <Button asChild tone="primary">
              <Link to="/executions">Go to executions</Link>
            </Button>
          }
        >
          The address may be mistyped, or the execution was deleted with its flow.
        </EmptyState>
      ) : (
        <ErrorState error={error} onRetry={onRetry} />
      )}
    </div>
  )
}
