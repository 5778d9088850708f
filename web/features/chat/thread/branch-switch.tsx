import { ChevronLeft, ChevronRight } from "lucide-react"
import { IconButton } from "#web/ui/icon-button.tsx"
import { useThisThread } from "./use-thread.ts"

type SwitchProps = { id: string; beside: readonly string[] }

/** From one branch to the one beside it. */
export function BranchSwitch({ id, beside }: SwitchProps) {
  const { choose } = useThisThread()
  if (beside.length < 2) return null
  const at = beside.indexOf(id)
  return (
    <span role="group" aria-label="Branches" className="inline-flex items-center text-sm text-muted">
      <IconButton label="Branch before" size="xs" disabled={at === 0} onClick={() => choose(beside[at - 1]!)}>
        <ChevronLeft />
      </IconButton>
      <span className="tabular px-0.5">
        {at + 1}/{beside.length}
      </span>
      <IconButton
        label="Branch after"
        size="xs"
        disabled={at === beside.length - 1}
        onClick={() => choose(beside[at + 1]!)}
      >
        <ChevronRight />
      </IconButton>
    </span>
  )
}
