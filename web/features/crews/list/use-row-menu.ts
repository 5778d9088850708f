import { Copy, Download, ExternalLink, Trash2 } from "lucide-react"
import { useCallback } from "react"
import type { CrewSummary } from "#core/contract/crews"
import type { MenuEntry } from "#web/ui/menu.tsx"
import { toast } from "#web/ui/toast.tsx"
import { downloadCrew, type CrewActs } from "../queries.ts"

type RowMenuOptions = { mayEdit: boolean; acts: CrewActs; onOpen: (crew: CrewSummary) => void }

/** What can be done with a crew of the list. */
export function useRowMenu({ mayEdit, acts, onOpen }: RowMenuOptions) {
  const { mutate: remove } = acts.remove
  const { mutate: duplicate } = acts.duplicate
  return useCallback(
    (crew: CrewSummary): MenuEntry[] => {
      const open: MenuEntry = {
        label: "Open",
        icon: ExternalLink,
        keys: "enter",
        onSelect: () => onOpen(crew),
      }
      const save: MenuEntry = {
        label: "Export to CrewAI",
        icon: Download,
        onSelect: () => void downloadCrew(crew.id).catch((error: unknown) => toast.failed(error)),
      }
      if (!mayEdit) return [open, save]
      return [
        open,
        { label: "Duplicate", icon: Copy, onSelect: () => duplicate(crew) },
        save,
        "divider",
        { label: "Delete", icon: Trash2, danger: true, onSelect: () => remove([crew]) },
      ]
    },
    [mayEdit, onOpen, remove, duplicate],
  )
}
