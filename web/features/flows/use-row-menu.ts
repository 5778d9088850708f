import { Copy, Download, ExternalLink, FileClock, Pencil, Trash2 } from "lucide-react"
import { useCallback } from "react"
import type { FlowSummary } from "#core/contract/flows"
import type { MenuEntry } from "#web/ui/menu.tsx"
import { toast } from "#web/ui/toast.tsx"
import { formatNames } from "./import/words.ts"
import { downloadFlow, downloadOriginal, type FlowActs } from "./queries.ts"

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
      const { origin } = flow
      const saves: MenuEntry[] =
        origin === null || origin === "edgecrew.flow"
          ? [save]
          : [
              save,
              {
                label: `Export the original (${formatNames[origin]})`,
                icon: FileClock,
                onSelect: () =>
                  void downloadOriginal(flow, origin).catch((error: unknown) => toast.failed(error)),
              },
            ]
      if (!mayEdit) return [open, ...saves]
      return [
        open,
        { label: "Rename…", icon: Pencil, onSelect: () => onRename(flow) },
        { label: "Duplicate", icon: Copy, onSelect: () => duplicate(flow) },
        ...saves,
        "divider",
        { label: "Delete", icon: Trash2, danger: true, onSelect: () => remove([flow]) },
      ]
    },
    [mayEdit, onOpen, onRename, duplicate, remove],
  )
}
