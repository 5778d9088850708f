import { useQuery } from "@tanstack/react-query"
import { Link, useParams, useSearch } from "@tanstack/react-router"
import { Workflow } from "lucide-react"
import { Failure } from "#core/errors"
import { Button } from "#web/ui/button.tsx"
import { EmptyState } from "#web/ui/empty-state.tsx"
import { ErrorState } from "#web/ui/error-state.tsx"
import { PageHeader } from "#web/ui/page-header.tsx"
import { Loading, Skeleton } from "#web/ui/skeleton.tsx"
import { Editor } from "./editor.tsx"
import { flowQuery } from "./queries.ts"

/** The flow of the address, to draw and to execute. */
export function EditorPage() {
  const { flowId } = useParams({ from: "/shell/inside/flows/$flowId" })
  const { node, execution } = useSearch({ from: "/shell/inside/flows/$flowId" })
  const flow = useQuery(flowQuery(flowId))
  if (flow.isPending) return <EditorSkeleton />
  if (flow.isError && !flow.data) return <NotOpened error={flow.error} onRetry={() => void flow.refetch()} />
  const { flow: opened, findings } = flow.data
  return <Editor key={flowId} flow={opened} findings={findings} opening={{ node, execution }} />
}

/** Columns of the sizes that come, so that nothing moves when they do. */
function EditorSkeleton() {
  return (
    <Loading what="the flow" className="flex h-full flex-col">
      <PageHeader crumbs={[{ label: "Flows", to: "/flows" }, { label: "…" }]} />
      <div className="flex min-h-0 flex-1">
        <div className="w-12 border-r bg-surface max-lg:hidden min-[90rem]:hidden" />
        <div className="hidden w-56 flex-col gap-4 border-r bg-surface p-3 min-[90rem]:flex">
          <Skeleton className="h-7 w-full" />
          <Skeleton className="w-1/3" />
          <Skeleton className="w-2/3" />
          <Skeleton className="w-1/2" />
        </div>
        <div className="flex-1" />
        <div className="hidden w-[340px] flex-col gap-4 border-l bg-surface p-3 lg:flex">
          <Skeleton className="h-4 w-1/2" />
          <Skeleton className="h-8 w-full" />
          <Skeleton className="h-16 w-full" />
        </div>
      </div>
      <div className="h-12 border-t bg-surface" />
    </Loading>
  )
}

function NotOpened({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const isGone = error instanceof Failure && error.status === 404
  return (
    <div className="flex h-full flex-col justify-center bg-surface">
      <PageHeader
        crumbs={[{ label: "Flows", to: "/flows" }, { label: isGone ? "Not found" : "Not opened" }]}
      />
      {isGone ? (
        <EmptyState
          icon={Workflow}
          title="There is no such flow"
          action={
            <Button asChild tone="primary">
              <Link to="/flows">Go to flows</Link>
            </Button>
          }
        >
          The address may be mistyped, or the flow was deleted.
        </EmptyState>
      ) : (
        <ErrorState error={error} onRetry={onRetry} />
      )}
    </div>
  )
}
