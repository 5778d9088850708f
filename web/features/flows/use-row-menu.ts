import { Copy, Download, ExternalLink, Pencil, Trash2 } from "lucide-react"
import { useCallback } from "react"
import type { FlowSummary } from "#core/contract/flows"
import type { MenuEntry } from "#web/ui/menu.tsx"
import { toast } from "#web/ui/toast.tsx"
import { downloadFlow, type FlowActs } from "./queries.ts"

type RowMenuOptions = {
  mayEdit: boolean
  acts: FlowActs
  onOpen: (flow: FlowSummary) => void
  onRename: (flow: FlowSummary) => void
}

/** What can be done with a flow of the list. */
export function useRowMenu({ mayEdit, acts, onOpen, onRename }: RowMenuOptions) {
  const { mutate: remove } = acts.remove
  const { mutate: duplicate } = acts.duplicate
  return useCallback(
    (flow: FlowSummary): MenuEntry[] => {
      const open: MenuEntry = {
        label: "Open",
        icon: ExternalLink,
        keys: "enter",
        onSelect: () => onOpen(flow),
      }
      const save: MenuEntry = {
        label: "Export",
        icon: Download,
        onSelect: () => void downloadFlow(flow).catch((error: unknown) => toast.failed(error)),
      }
      if (!mayEdit) return [open, save]
      return [
        open,
        { label: "Rename…", icon: Pencil, onSelect: () => onRename(flow) },
        { label: "Duplicate", icon: Copy, onSelect: () => duplicate(flow) },
        save,
        "divider",
        { label: "Delete", icon: Trash2, danger: true, onSelect: () => remove([flow]) },
      ]
    },
    [mayEdit, onOpen, onRename, duplicate, remove],
  )
}
