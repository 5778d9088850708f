import { useQueryClient } from "@tanstack/react-query"
import { useRouter, useSearch } from "@tanstack/react-router"
import { localPath } from "#web/state/local-path.ts"
import { session } from "#web/state/session.ts"

/** Begins the session and goes to where one wanted to go. */
export function useEnter() {
  const router = useRouter()
  const queries = useQueryClient()
  const { next } = useSearch({ from: "/outside" })
  return async (token: string, tenantId: string) => {
    queries.clear()
    session.begin(token, tenantId)
    await router.navigate({ href: localPath(next), replace: true })
  }
}
