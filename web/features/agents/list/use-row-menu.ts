import { Archive, ArchiveRestore, Copy, ExternalLink, Trash2 } from "lucide-react"
import { useCallback } from "react"
import type { AgentSummary } from "#core/contract/agents"
import type { MenuEntry } from "#web/ui/menu.tsx"
import type { AgentActs } from "../queries.ts"

type RowMenuOptions = { mayEdit: boolean; acts: AgentActs; onOpen: (agent: AgentSummary) => void }

/** What can be done with an agent of the list. */
export function useRowMenu({ mayEdit, acts, onOpen }: RowMenuOptions) {
  const { mutate: remove } = acts.remove
  const { mutate: duplicate } = acts.duplicate
  const { mutate: change } = acts.change
  return useCallback(
    (agent: AgentSummary): MenuEntry[] => {
      const open: MenuEntry = {
        label: "Open",
        icon: ExternalLink,
        keys: "enter",
        onSelect: () => onOpen(agent),
      }
      if (!mayEdit) return [open]
      const isArchived = agent.status === "archived"
      return [
        open,
        { label: "Duplicate", icon: Copy, onSelect: () => duplicate(agent) },
        {
          label: isArchived ? "Make active" : "Archive",
          icon: isArchived ? ArchiveRestore : Archive,
          onSelect: () => change({ id: agent.id, patch: { status: isArchived ? "active" : "archived" } }),
        },
        "divider",
        {
          label: "Delete",
          icon: Trash2,
          danger: true,
          ...(agent.crew_count > 0
            ? { note: `in ${agent.crew_count} ${agent.crew_count === 1 ? "crew" : "crews"}` }
            : {}),
          onSelect: () => remove([agent]),
        },
      ]
    },
    [mayEdit, onOpen, remove, duplicate, change],
  )
}
