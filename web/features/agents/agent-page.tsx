import { useQuery } from "@tanstack/react-query"
import { Link, useParams } from "@tanstack/react-router"
import { Bot } from "lucide-react"
import { Failure } from "#core/errors"
import { Button } from "#web/ui/button.tsx"
import { EmptyState } from "#web/ui/empty-state.tsx"
import { ErrorState } from "#web/ui/error-state.tsx"
import { PageHeader } from "#web/ui/page-header.tsx"
import { Loading, Skeleton } from "#web/ui/skeleton.tsx"
import { AgentEditor } from "./editor/agent-editor.tsx"
import { agentQuery } from "./queries.ts"

/** The agent of the address: what it is told, what it may use, and a place to try it out. */
export function AgentPage() {
  const { agentId } = useParams({ from: "/shell/inside/agents/$agentId" })
  const loaded = useQuery(agentQuery(agentId))
  if (loaded.data) {
    const { agent, crews, reach } = loaded.data
    return <AgentEditor key={agentId} {...{ agent, crews, reach }} />
  }
  if (loaded.isError) return <NotOpened error={loaded.error} onRetry={() => void loaded.refetch()} />
  return (
    <Loading what="the agent" className="flex min-h-0 flex-1">
      <PageHeader crumbs={[{ label: "Agents", to: "/agents" }, { label: "…" }]} />
      <div className="flex max-w-2xl flex-1 flex-col gap-5 p-5">
        {["w-1/3", "w-full", "w-1/4", "w-full", "w-2/3"].map((width, i) => (
          <Skeleton key={i} className={width} />
        ))}
      </div>
    </Loading>
  )
}

function NotOpened({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const isGone = error instanceof Failure && (error.status === 404 || error.code === "request.invalid")
  return (
    <div className="flex h-full flex-col justify-center">
      <PageHeader
        crumbs={[{ label: "Agents", to: "/agents" }, { label: isGone ? "Not found" : "Not opened" }]}
      />
      {isGone ? (
        <EmptyState
          icon={Bot}
          title="There is no such agent"
          action={
            <Button asChild tone="primary">
              <Link to="/agents">Go to agents</Link>
            </Button>
          }
        >
          The address may be mistyped, or the agent was deleted.
        </EmptyState>
      ) : (
        <ErrorState error={error} onRetry={onRetry} />
      )}
    </div>
  )
}
