import { UserRoundPlus } from "lucide-react"
import { useState } from "react"
import { IconButton } from "#web/ui/icon-button.tsx"
import type { Shared } from "./queries.ts"
import { ShareDialog } from "./share-dialog.tsx"

/** Opens the dialog in which a flow, a crew or an agent is shared. */
export function ShareButton({ what, name }: { what: Shared; name: string }) {
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <IconButton label="Share" size="sm" onClick={() => setOpen(true)}>
        <UserRoundPlus />
      </IconButton>
      {isOpen && <ShareDialog what={what} name={name} onClose={() => setOpen(false)} />}
    </>
  )
}
