import { useQueryClient } from "@tanstack/react-query"
import { useRouter } from "@tanstack/react-router"
import { session } from "#web/state/session.ts"

/** Begins the session in the tenant that was joined, and goes there. */
export function useArrive() {
  const router = useRouter()
  const queries = useQueryClient()
  return async (token: string, tenantId: string) => {
    queries.clear()
    session.begin(token, tenantId)
    await router.navigate({ to: "/flows", replace: true })
  }
}
