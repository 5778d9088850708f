import { useQueryClient } from "@tanstack/react-query"
import { Link, useRouter } from "@tanstack/react-router"
import { useEffect, useRef, useState } from "react"
import { CircleAlert } from "lucide-react"
import { ssoApi } from "#core/contract/sso"
import { call } from "#web/api/call.ts"
import { localPath } from "#web/state/local-path.ts"
import { session } from "#web/state/session.ts"
import { Button } from "#web/ui/button.tsx"
import { EmptyState } from "#web/ui/empty-state.tsx"
import { OpenPage } from "#web/ui/open-page.tsx"
import { sayError } from "#web/ui/say-error.ts"
import { Loading, Skeleton } from "#web/ui/skeleton.tsx"
import { wayOn } from "./way-on.ts"

/** What a provider has led back with, or why it has not signed anybody in. */
function broughtBack() {
  const query = new URLSearchParams(location.search)
  const [state, code, iss] = [query.get("state"), query.get("code"), query.get("iss")]
  return { body: { state, code, ...(iss === null ? {} : { iss }) }, refusal: query.get("error") }
}

/** Finishes a sign-in by a tenant's provider, once. */
export function ArrivedPage() {
  const router = useRouter()
  const queries = useQueryClient()
  const hasBegun = useRef(false)
  const [failure, setFailure] = useState<unknown>(null)
  useEffect(() => {
    if (hasBegun.current) return
    hasBegun.current = true
    const { body, refusal } = broughtBack()
    // What was in the address works once, and need not stay in the history.
    history.replaceState(history.state, "", "/sso")
    const finish = async () => {
      if (refusal !== null) throw new Error("Your company's sign-in was left, or has refused it.")
      const tokens = await call(ssoApi.finish, { body: ssoApi.finish.body.parse(body) })
      queries.clear()
      session.begin(tokens.access_token, tokens.tenant_id)
      await router.navigate({ href: localPath(wayOn.take()), replace: true })
    }
    finish().catch(setFailure)
  }, [queries, router])
  if (failure === null) {
    return (
      <OpenPage title="Signing in">
        <Loading what="who you are" className="flex flex-col gap-4">
          <Skeleton className="h-5 w-2/3" />
          <Skeleton className="w-full" />
        </Loading>
      </OpenPage>
    )
  }
  return (
    <OpenPage title="Not signed in">
      <EmptyState
        icon={CircleAlert}
        heading="h1"
        title="Not signed in"
        className="py-8"
        action={
          <Button asChild tone="primary">
            <Link to="/login/company">Try again</Link>
          </Button>
        }
      >
        {sayError(failure).detail}
      </EmptyState>
    </OpenPage>
  )
}
