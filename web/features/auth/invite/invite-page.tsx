import { queryOptions, useQuery } from "@tanstack/react-query"
import { Link, useLocation, useRouteContext } from "@tanstack/react-router"
import { Link2Off } from "lucide-react"
import { authApi } from "#core/contract/auth"
import { Failure, type FailureCode } from "#core/errors"
import { call } from "#web/api/call.ts"
import { meQuery } from "#web/api/me.ts"
import { Button } from "#web/ui/button.tsx"
import { EmptyState } from "#web/ui/empty-state.tsx"
import { ErrorState } from "#web/ui/error-state.tsx"
import { OpenPage } from "#web/ui/open-page.tsx"
import { Loading, Skeleton } from "#web/ui/skeleton.tsx"
import { EnterForm } from "./enter-form.tsx"
import { JoinAs } from "./join-as.tsx"
import { WrongAccount } from "./wrong-account.tsx"

const invitedQuery = (token: string) =>
  queryOptions({
    queryKey: ["invitation", token],
    queryFn: ({ signal }) => call(authApi.invitation, { body: { token }, signal }),
    retry: false,
  })

/** The page of an invitation: whose tenant it is and in which role, and the way in for whoever is there. */
export function InvitePage() {
  const token = useLocation({ select: ({ hash }) => hash })
  const { signedIn } = useRouteContext({ from: "/invite" })
  const invited = useQuery(invitedQuery(token))
  const me = useQuery({ ...meQuery, enabled: signedIn })
  if (invited.error) return <NoInvitation error={invited.error} onRetry={() => void invited.refetch()} />
  if (!invited.data || (signedIn && me.isPending)) return <Waiting />
  const { tenant, invited_by, role } = invited.data
  const account = signedIn ? me.data?.user : undefined
  return (
    <OpenPage title={`Join ${tenant.name}`} from={`Invited by ${invited_by}`}>
      <div>
        <h1 className="text-xl font-semibold tracking-tight break-words">Join {tenant.name}</h1>
        <p className="mt-1 break-words text-muted">
          {invited_by} invites {invited.data.email} to work here as {role === "viewer" ? "a" : "an"} {role}.
        </p>
      </div>
      {account === undefined ? (
        <EnterForm token={token} invited={invited.data} />
      ) : account.email === invited.data.email ? (
        <JoinAs token={token} account={account} invited={invited.data} />
      ) : (
        <WrongAccount account={account} invited={invited.data} />
      )}
    </OpenPage>
  )
}

const Waiting = () => (
  <OpenPage title="Invitation">
    <Loading what="the invitation" className="flex flex-col gap-4">
      <Skeleton className="h-5 w-2/3" />
      <Skeleton className="w-full" />
      <Skeleton className="w-4/5" />
    </Loading>
  </OpenPage>
)

const titles: Partial<Record<FailureCode, string>> = {
  "invitation.expired": "This invitation has expired",
  "invitation.used": "This invitation was used",
  "invitation.withdrawn": "This invitation was withdrawn",
  "invitation.not_found": "This link is not valid",
  "request.invalid": "This link is not valid",
}

function NoInvitation({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const title = error instanceof Failure ? titles[error.code] : undefined
  if (title === undefined || !(error instanceof Failure)) {
    return (
      <OpenPage title="Not opened">
        <ErrorState error={error} heading="h1" onRetry={onRetry} className="py-8" />
      </OpenPage>
    )
  }
  const isIncomplete = error.code === "request.invalid"
  return (
    <OpenPage title={title}>
      <EmptyState
        icon={Link2Off}
        heading="h1"
        title={title}
        className="py-8"
        action={
          <Button asChild>
            <Link to="/login">Sign in</Link>
          </Button>
        }
      >
        {isIncomplete ? "It is incomplete. Copy the whole link, or ask whoever invited you." : error.message}
      </EmptyState>
    </OpenPage>
  )
}
