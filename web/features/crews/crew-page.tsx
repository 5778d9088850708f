import { useQuery } from "@tanstack/react-query"
import { Link, useParams } from "@tanstack/react-router"
import { Users } from "lucide-react"
import { Failure } from "#core/errors"
import { Button } from "#web/ui/button.tsx"
import { EmptyState } from "#web/ui/empty-state.tsx"
import { ErrorState } from "#web/ui/error-state.tsx"
import { PageHeader } from "#web/ui/page-header.tsx"
import { Loading, Skeleton } from "#web/ui/skeleton.tsx"
import { CrewEditor } from "./builder/crew-editor.tsx"
import { crewQuery } from "./queries.ts"

/** The crew of the address: who works in it, what they do, how they work together, and a run of it. */
export function CrewPage() {
  const { crewId } = useParams({ from: "/shell/inside/crews/$crewId" })
  const loaded = useQuery(crewQuery(crewId))
  if (loaded.data) return <CrewEditor key={crewId} reply={loaded.data} />
  if (loaded.isError) return <NotOpened error={loaded.error} onRetry={() => void loaded.refetch()} />
  return (
    <Loading what="the crew" className="flex min-h-0 flex-1">
      <PageHeader crumbs={[{ label: "Crews", to: "/crews" }, { label: "…" }]} />
      <div className="flex flex-1 flex-col gap-5 p-5">
        {["w-1/3", "w-1/2", "w-1/4"].map((width) => (
          <Skeleton key={width} className={width} />
        ))}
      </div>
      <div className="flex w-96 flex-col gap-5 border-l bg-surface p-5 max-lg:hidden">
        {["w-2/3", "w-full", "w-1/2"].map((width) => (
          <Skeleton key={width} className={width} />
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
        crumbs={[{ label: "Crews", to: "/crews" }, { label: isGone ? "Not found" : "Not opened" }]}
      />
      {isGone ? (
        <EmptyState
          icon={Users}
          title="There is no such crew"
          action={
            <Button asChild tone="primary">
              <Link to="/crews">Go to crews</Link>
            </Button>
          }
        >
          The address may be mistyped, or the crew was deleted.
        </EmptyState>
      ) : (
        <ErrorState error={error} onRetry={onRetry} />
      )}
    </div>
  )
}
