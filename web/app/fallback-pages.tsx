import { Link, useRouter, type ErrorComponentProps } from "@tanstack/react-router"
import { CloudOff, Compass } from "lucide-react"
import { Failure } from "#core/errors"
import { Button } from "#web/ui/button.tsx"
import { EmptyState } from "#web/ui/empty-state.tsx"
import { ErrorState } from "#web/ui/error-state.tsx"
import { PageHeader } from "#web/ui/page-header.tsx"
import { Loading, Skeleton } from "#web/ui/skeleton.tsx"
import { LostCode } from "./page-code.ts"

export const NotFoundPage = () => <NotFound heading="h2" />

function NotFound({ heading }: { heading: "h1" | "h2" }) {
  return (
    <div className="flex h-full flex-col justify-center bg-surface">
      <PageHeader crumbs={[{ label: "Not found" }]} />
      <EmptyState
        icon={Compass}
        heading={heading}
        title="There is no such page"
        action={
          <Button asChild tone="primary">
            <Link to="/">Go to flows</Link>
          </Button>
        }
      >
        The address may be mistyped, or what was here has been deleted.
      </EmptyState>
    </div>
  )
}

/** The same outside of any frame. */
export const LostPage = () => (
  <main className="h-full">
    <NotFound heading="h1" />
  </main>
)

/** A page that threw: what happened, and a second try. */
export function CrashPage({ error, reset }: ErrorComponentProps) {
  const router = useRouter()
  const again = async () => {
    await router.invalidate()
    reset()
  }
  const reload = () => location.reload()
  return (
    <div className="flex h-full flex-col justify-center bg-surface">
      {error instanceof LostCode ? (
        <EmptyState
          icon={CloudOff}
          title="This page could not be fetched"
          heading="h1"
          action={
            <Button tone="primary" onClick={reload}>
              Reload
            </Button>
          }
        >
          Check your connection. If a new version was put up meanwhile, reloading brings it.
        </EmptyState>
      ) : (
        // What the server refused may be answered now; what broke in the page itself begins anew.
        <ErrorState
          error={error}
          heading="h1"
          onRetry={error instanceof Failure ? () => void again() : reload}
        />
      )}
    </div>
  )
}

export const PendingPage = () => (
  <Loading what="the page" className="flex h-full flex-col gap-4 bg-surface p-4">
    <Skeleton className="h-4 w-40" />
    <Skeleton className="h-3 w-3/5" />
    <Skeleton className="h-3 w-2/5" />
  </Loading>
)
