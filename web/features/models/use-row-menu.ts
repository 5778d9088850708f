import { Pencil, Power, Star, Trash2 } from "lucide-react"
import { useCallback } from "react"
import type { Provider } from "#core/contract/llm-providers"
import type { MenuEntry } from "#web/ui/menu.tsx"
import { toast } from "#web/ui/toast.tsx"
import { useProviderActs } from "./queries.ts"

const onError = (error: unknown) => toast.failed(error)

/** What can be done with a provider of the list. */
export function useRowMenu(onEdit: (id: string) => void) {
  const { update, remove } = useProviderActs()
  const { mutate: change } = update
  const { mutate: erase } = remove
  return useCallback(
    (provider: Provider): MenuEntry[] => {
      const { id, is_active, is_default } = provider
      return [
        { label: "Edit…", icon: Pencil, keys: "enter", onSelect: () => onEdit(id) },
        {
          label: "Make default",
          icon: Star,
          disabled: is_default,
          onSelect: () => change({ id, change: { is_default: true, is_active: true } }, { onError }),
        },
        {
          label: is_active ? "Turn off" : "Turn on",
          icon: Power,
          disabled: is_default,
          onSelect: () => change({ id, change: { is_active: !is_active } }, { onError }),
        },
        "divider",
        {
          label: "Delete",
          icon: Trash2,
          danger: true,
          disabled: is_default,
          ...(is_default ? { note: "is the default" } : {}),
          onSelect: () => erase(provider),
        },
      ]
    },
    [onEdit, change, erase],
  )
}
