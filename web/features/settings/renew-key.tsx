import { Ellipsis, KeyRound } from "lucide-react"
import { useState } from "react"
import { secretsApi } from "#core/contract/secrets"
import { call } from "#web/api/call.ts"
import { AlertDialog } from "#web/ui/alert-dialog.tsx"
import { IconButton } from "#web/ui/icon-button.tsx"
import { Menu } from "#web/ui/menu.tsx"
import { toast } from "#web/ui/toast.tsx"

/** The further acts of the credentials' page: so far, a new key for all that is sealed. */
export function RenewKey() {
  const [isAsking, setAsking] = useState(false)
  return (
    <>
      <Menu
        align="end"
        entries={[{ label: "Renew the encryption key…", icon: KeyRound, onSelect: () => setAsking(true) }]}
      >
        <IconButton label="More about credentials" size="sm">
          <Ellipsis />
        </IconButton>
      </Menu>
      <AlertDialog
        open={isAsking}
        onOpenChange={setAsking}
        title="Renew the encryption key?"
        description="Every secret of this workspace (credentials, keys of model providers, secrets of triggers) is encrypted anew under a new key. Nothing that runs is disturbed; the old key opens for one more hour and is then destroyed."
        act="Renew key"
        tone="primary"
        onAct={async () => {
          const { secrets } = await call(secretsApi.rotate, {})
          toast.done(`Encrypted ${secrets} ${secrets === 1 ? "secret" : "secrets"} anew`)
        }}
      />
    </>
  )
}
