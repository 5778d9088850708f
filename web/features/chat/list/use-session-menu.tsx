import { Pencil, Share2, Trash2 } from "lucide-react"
import { useState, type ReactNode } from "react"
import type { ChatSession } from "#core/contract/chat"
import { useCan } from "#web/api/me.ts"
import { AlertDialog } from "#web/ui/alert-dialog.tsx"
import type { MenuEntry } from "#web/ui/menu.tsx"
import { toast } from "#web/ui/toast.tsx"
import { useSessionActs } from "../queries.ts"
import { ShareDialog } from "../share/share-dialog.tsx"
import { RenameDialog } from "./rename-dialog.tsx"

type Options = {
  onRemoved: () => void
  /** What the server says of the chat after a change, for those who follow it. */
  onChanged?: (session: ChatSession) => void
}

/** What can be done to a chat, and the dialog of it that is open. */
export function useSessionMenu(session: ChatSession, { onRemoved, onChanged }: Options) {
  const mayWrite = useCan("chat.write")
  const [open, setOpen] = useState<"rename" | "share" | "delete" | null>(null)
  const { remove } = useSessionActs()
  const close = () => setOpen(null)
  const entries: MenuEntry[] = mayWrite
    ? [
        { label: "Rename…", icon: Pencil, onSelect: () => setOpen("rename") },
        { label: "Share…", icon: Share2, onSelect: () => setOpen("share") },
        "divider",
        { label: "Delete…", icon: Trash2, danger: true, onSelect: () => setOpen("delete") },
      ]
    : []
  const shared = { session, onClose: close, ...(onChanged ? { onChanged } : {}) }
  const dialogs: Record<NonNullable<typeof open>, ReactNode> = {
    rename: <RenameDialog {...shared} />,
    share: <ShareDialog {...shared} />,
    delete: (
      <AlertDialog
        open
        onOpenChange={(isOpen) => !isOpen && close()}
        title={`Delete “${session.title}”?`}
        description="Its messages go for everybody, and so does its shared address. Executions stay in their list."
        act="Delete chat"
        {...(session.message_count > 0 ? { typeName: session.title } : {})}
        onAct={async () => {
          await remove.mutateAsync(session)
          toast.done(`Deleted “${session.title}”`)
          onRemoved()
        }}
      />
    ),
  }
  return { entries, dialog: open && dialogs[open], show: setOpen }
}
