import { useMutation } from "@tanstack/react-query"
import { authApi, type User } from "#core/contract/auth"
import { call } from "#web/api/call.ts"
import { Avatar } from "#web/ui/avatar.tsx"
import { Button } from "#web/ui/button.tsx"
import { ErrorNote } from "#web/ui/error-note.tsx"
import type { Invited } from "./model.ts"
import { useArrive } from "./use-arrive.ts"

/** For whoever is signed in as who was invited: one button. */
export function JoinAs({ token, account, invited }: { token: string; account: User; invited: Invited }) {
  const arrive = useArrive()
  const join = useMutation({
    mutationFn: async () => {
      const { tenant } = await call(authApi.join, { body: { token } })
      const { access_token } = await call(authApi.switch, { body: { tenant_id: tenant.id } })
      await arrive(access_token, tenant.id)
    },
  })
  return (
    <>
      <p className="flex items-center gap-2.5">
        <Avatar name={account.name || account.email} seed={account.id} size="md" />
        <span className="min-w-0">
          <span className="block truncate font-medium">{account.name || account.email}</span>
          <span className="block truncate text-sm text-muted">{account.email}</span>
        </span>
      </p>
      {join.error !== null && <ErrorNote error={join.error} />}
      <Button tone="primary" size="lg" busy={join.isPending} onClick={() => join.mutate()} className="w-full">
        <span className="truncate">Join {invited.tenant.name}</span>
      </Button>
    </>
  )
}
