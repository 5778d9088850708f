import { useQueryClient } from "@tanstack/react-query"
import { useState } from "react"
import { ssoApi } from "#core/contract/sso"
import { call } from "#web/api/call.ts"
import { queryKeys } from "#web/api/query-keys.ts"
import { AlertDialog } from "#web/ui/alert-dialog.tsx"
import { Button } from "#web/ui/button.tsx"

/** Takes the provider away. */
export function RemoveSso({ issuer }: { issuer: string }) {
  const queries = useQueryClient()
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <Button onClick={() => setOpen(true)}>Remove the provider…</Button>
      <AlertDialog
        open={isOpen}
        onOpenChange={setOpen}
        title={<span className="break-all">Remove {issuer}?</span>}
        description="Nobody signs in by it any more. Who has no password sets one by “Forgot your password?”."
        act="Remove provider"
        onAct={async () => {
          await call(ssoApi.remove, {})
          queries.setQueryData(queryKeys.sso, { sso: null })
        }}
      />
    </>
  )
}
