import { useMutation, useQueryClient } from "@tanstack/react-query"
import { authApi } from "#core/contract/auth"
import type { TenantId } from "#core/ids"
import { call } from "#web/api/call.ts"
import { session } from "#web/state/session.ts"
import { toast } from "#web/ui/toast.tsx"

/** Signing out and changing the tenant. */
export function useAccount() {
  const queries = useQueryClient()
  const signOut = useMutation({
    mutationFn: () => call(authApi.logout, {}),
    // Whatever the server said, this browser forgets: the person asked to leave.
    onSettled: () => session.end("left"),
  })
  const switchTenant = useMutation({
    mutationFn: (tenantId: TenantId) => call(authApi.switch, { body: { tenant_id: tenantId } }),
    onSuccess: ({ access_token: token }, tenantId) => {
      session.begin(token, tenantId)
      queries.clear()
      location.assign("/flows")
    },
    onError: (error) => toast.failed(error),
  })
  return { signOut: () => signOut.mutate(), switchTenant: (id: TenantId) => switchTenant.mutate(id) }
}
