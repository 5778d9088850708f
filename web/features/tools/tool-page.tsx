import { useQuery } from "@tanstack/react-query"
import { Link, useParams } from "@tanstack/react-router"
import { Wrench } from "lucide-react"
import { Failure } from "#core/errors"
import { Button } from "#web/ui/button.tsx"
import { EmptyState } from "#web/ui/empty-state.tsx"
import { ErrorState } from "#web/ui/error-state.tsx"
import { PageHeader } from "#web/ui/page-header.tsx"
import { Loading, Skeleton } from "#web/ui/skeleton.tsx"
import { ToolEditor } from "./editor/tool-editor.tsx"
import { toolQuery } from "./queries.ts"

/** The tool of the address: how it does its work, a place to try it out, its versions. */
export function ToolPage() {
  const { toolId } = useParams({ from: "/shell/inside/tools/$toolId" })
  const loaded = useQuery(toolQuery(toolId))
  if (loaded.data) return <ToolEditor key={toolId} tool={loaded.data} />
  if (loaded.isError) return <NotOpened error={loaded.error} onRetry={() => void loaded.refetch()} />
  return <ToolSkeleton />
}

export const ToolSkeleton = () => (
  <Loading what="the tool" className="flex min-h-0 flex-1">
    <PageHeader crumbs={[{ label: "Tools", to: "/tools" }, { label: "…" }]} />
    <div className="flex max-w-2xl flex-1 flex-col gap-5 p-5">
      {["w-1/3", "w-full", "w-1/4", "w-full", "w-2/3"].map((width, i) => (
        <Skeleton key={i} className={width} />
      ))}
    </div>
  </Loading>
)

function NotOpened({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const isGone = error instanceof Failure && (error.status === 404 || error.code === "request.invalid")
  return (
    <div className="flex h-full flex-col justify-center">
      <PageHeader
        crumbs={[{ label: "Tools", to: "/tools" }, { label: isGone ? "Not found" : "Not opened" }]}
      />
      {isGone ? (
        <EmptyState
          icon={Wrench}
          title="There is no such tool"
          action={
            <Button asChild tone="primary">
              <Link to="/tools">Go to tools</Link>
            </Button>
          }
        >
          The address may be mistyped, or the tool was deleted.
        </EmptyState>
      ) : (
        <ErrorState error={error} onRetry={onRetry} />
      )}
    </div>
  )
}
