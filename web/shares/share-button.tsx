import { UserRoundPlus } from "lucide-react"
import { useState } from "react"
import { IconButton } from "#web/ui/icon-button.tsx"
import { later, useCome } from "#web/ui/later.tsx"
import type { Shared } from "./queries.ts"

const sharing = later(() => import("./share-dialog.tsx"))

/** Opens the dialog in which a flow, a crew or an agent is shared. */
export function ShareButton({ what, name }: { what: Shared; name: string }) {
  const come = useCome(sharing)
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <IconButton label="Share" size="sm" onClick={() => sharing.use(() => setOpen(true))}>
        <UserRoundPlus />
      </IconButton>
      {come && isOpen && <come.ShareDialog what={what} name={name} onClose={() => setOpen(false)} />}
    </>
  )
}
