import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useRouter } from "@tanstack/react-router"
import { authApi, type User } from "#core/contract/auth"
import { call } from "#web/api/call.ts"
import { session } from "#web/state/session.ts"
import { Button } from "#web/ui/button.tsx"
import type { Invited } from "./model.ts"

/** For whoever is signed in as somebody else: the invitation stays open, and the way out is here. */
export function WrongAccount({ account, invited }: { account: User; invited: Invited }) {
  const router = useRouter()
  const queries = useQueryClient()
  const leave = useMutation({
    mutationFn: () => call(authApi.logout, {}),
    // Whatever the server said, this browser forgets. Not as one who leaves: they stay at the invitation.
    onSettled: () => {
      session.end("lost")
      queries.clear()
    },
  })
  return (
    <>
      <p role="alert" className="break-words">
        You are signed in as <strong className="font-medium">{account.email}</strong>, and this invitation is
        for <strong className="font-medium">{invited.email}</strong>.
      </p>
      <div className="flex flex-wrap gap-2">
        <Button tone="primary" busy={leave.isPending} onClick={() => leave.mutate()}>
          Sign out and go on
        </Button>
        <Button onClick={() => void router.navigate({ to: "/flows" })}>Stay as I am</Button>
      </div>
    </>
  )
}
