import { Pencil, Power, Trash2 } from "lucide-react"
import { useCallback } from "react"
import type { Credential } from "#core/contract/credentials"
import type { MenuEntry } from "#web/ui/menu.tsx"
import { toast } from "#web/ui/toast.tsx"
import { useCredentialActs } from "#web/credentials/credential-queries.ts"

const onError = (error: unknown) => toast.failed(error)

/** What can be done with a credential of the list. */
export function useCredentialMenu(onEdit: (id: string) => void) {
  const { update, remove } = useCredentialActs()
  const { mutate: change } = update
  const { mutate: erase } = remove
  return useCallback(
    (credential: Credential): MenuEntry[] => {
      const { id, is_active } = credential
      return [
        { label: "Edit…", icon: Pencil, keys: "enter", onSelect: () => onEdit(id) },
        {
          label: is_active ? "Turn off" : "Turn on",
          icon: Power,
          onSelect: () => change({ id, change: { is_active: !is_active } }, { onError }),
        },
        "divider",
        { label: "Delete", icon: Trash2, danger: true, onSelect: () => erase(credential) },
      ]
    },
    [onEdit, change, erase],
  )
}
