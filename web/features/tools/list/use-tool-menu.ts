import { Copy, ExternalLink, Trash2 } from "lucide-react"
import { useCallback } from "react"
import type { MenuEntry } from "#web/ui/menu.tsx"
import type { ToolActs } from "../queries.ts"
import type { ToolRow } from "./rows.ts"

type ToolMenuOptions = { mayEdit: boolean; acts: ToolActs; onOpen: (row: ToolRow) => void }

/** What can be done with a tool of the list; with a builtin one, nothing. */
export function useToolMenu({ mayEdit, acts, onOpen }: ToolMenuOptions) {
  const { mutate: remove } = acts.remove
  const { mutate: duplicate } = acts.duplicate
  return useCallback(
    (row: ToolRow): MenuEntry[] => {
      const { own } = row
      if (!own) return []
      const open: MenuEntry = {
        label: "Open",
        icon: ExternalLink,
        keys: "enter",
        onSelect: () => onOpen(row),
      }
      if (!mayEdit) return [open]
      return [
        open,
        { label: "Duplicate", icon: Copy, onSelect: () => duplicate(own) },
        "divider",
        { label: "Delete", icon: Trash2, danger: true, onSelect: () => remove([own]) },
      ]
    },
    [mayEdit, onOpen, remove, duplicate],
  )
}
