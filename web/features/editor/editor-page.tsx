import { useQuery } from "@tanstack/react-query"
import { Link, useParams, useSearch } from "@tanstack/react-router"
import { CloudOff, Workflow } from "lucide-react"
import type { Flow } from "#core/contract/flows"
import { Failure } from "#core/errors"
import { useCan } from "#web/api/me.ts"
import { Button } from "#web/ui/button.tsx"
import { EmptyState } from "#web/ui/empty-state.tsx"
import { ErrorState } from "#web/ui/error-state.tsx"
import { later, useLater } from "#web/ui/later.tsx"
import { PageHeader } from "#web/ui/page-header.tsx"
import { Loading, Skeleton } from "#web/ui/skeleton.tsx"
import { FlowPicture } from "./flow-picture.tsx"
import { flowQuery } from "./flow-query.ts"

const editor = later(() => import("./editor.tsx"))
// It comes while the flow is read and drawn; where it does not, the page says so.
editor.fetch().catch(() => undefined)

/** The flow of the address, to draw and to execute. Until the editor is here the flow is shown without it. */
export function EditorPage() {
  const { flowId } = useParams({ from: "/shell/inside/flows/$flowId" })
  const { node, execution } = useSearch({ from: "/shell/inside/flows/$flowId" })
  const flow = useQuery(flowQuery(flowId))
  const { code, isLost } = useLater(editor)
  if (flow.isError && !flow.data) return <NotOpened error={flow.error} onRetry={() => void flow.refetch()} />
  if (isLost && !code) return <NoEditor />
  if (!flow.data || !code) return <Opening flow={flow.data?.flow} node={node} />
  const { flow: opened, findings, reach } = flow.data
  return <code.Editor key={flowId} flow={opened} {...{ findings, reach }} opening={{ node, execution }} />
}

/** Columns of the sizes that come, so that nothing moves when they do. */
function Opening({ flow, node }: { flow: Flow | undefined; node: string | undefined }) {
  const mayEdit = useCan("flow.edit")
  return (
    <Loading what="the flow" className="flex h-full flex-col">
      <PageHeader
        crumbs={[
          { label: "Flows", to: "/flows" },
          { label: flow === undefined ? "…" : flow.name.trim() || "Untitled flow" },
        ]}
      />
      <div className="relative flex min-h-0 flex-1">
        {mayEdit && (
          <>
            <div className="w-12 shrink-0 border-r bg-surface max-lg:hidden min-[90rem]:hidden" />
            <div className="hidden w-56 shrink-0 flex-col gap-4 border-r bg-surface p-3 min-[90rem]:flex">
              <Skeleton className="h-7 w-full" />
              <Skeleton className="w-1/3" />
              <Skeleton className="w-2/3" />
              <Skeleton className="w-1/2" />
            </div>
          </>
        )}
        {flow ? <FlowPicture flow={flow} selectedId={node} /> : <div className="flex-1" />}
        <div className="hidden w-[340px] shrink-0 flex-col gap-4 border-l bg-surface p-3 lg:flex">
          <Skeleton className="h-4 w-1/2" />
          <Skeleton className="h-8 w-full" />
          <Skeleton className="h-16 w-full" />
        </div>
      </div>
      <div className="flex h-12 shrink-0 items-center border-t bg-surface px-3 text-muted">
        {flow && "Opening the editor"}
      </div>
    </Loading>
  )
}

/** The flow was read, and what draws it did not come. */
function NoEditor() {
  return (
    <div className="flex h-full flex-col justify-center bg-surface">
      <PageHeader crumbs={[{ label: "Flows", to: "/flows" }, { label: "Not opened" }]} />
      <EmptyState
        icon={CloudOff}
        title="The editor could not be fetched"
        action={
          <Button tone="primary" onClick={() => void editor.fetch().catch(() => undefined)}>
            Try again
          </Button>
        }
      >
        Check your connection. If a new version was put up meanwhile, reloading brings it.
      </EmptyState>
    </div>
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
