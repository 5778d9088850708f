import { useNavigate } from "@tanstack/react-router"
import { Ban, ExternalLink, Link2, RotateCw, Trash2, Workflow } from "lucide-react"
import { useCallback, useState, type ReactNode } from "react"
import type { ExecutionSummary } from "#core/contract/executions"
import { isRetryable, isSettled } from "#core/execution/status"
import { useCan } from "#web/api/me.ts"
import { AlertDialog } from "#web/ui/alert-dialog.tsx"
import { executedAt } from "#web/flow/executed.ts"
import type { MenuEntry } from "#web/ui/menu.tsx"
import { toast } from "#web/ui/toast.tsx"
import { useBulk, useGoTo, useRetry, type BulkOutcome } from "../acts.ts"
import { BulkActs } from "./bulk-acts.tsx"

type Rows = readonly ExecutionSummary[]

const many = (count: number): string =>
  count === 1 ? "1 execution" : `${count.toLocaleString("en")} executions`

/** What can be done with one row, and with several; `dialog` asks before something is lost. */
export function useRowActs() {
  const goTo = useGoTo()
  const mayCancel = useCan("execution.cancel")
  const mayDelete = useCan("execution.delete")
  const bulk = useBulk()
  const [doomed, setDoomed] = useState<{ rows: Rows; clear: () => void } | null>(null)
  const { mutate } = bulk
  const cancel = useCallback(
    (rows: Rows) =>
      mutate(
        { action: "cancel", ids: rows.map(({ id }) => id) },
        { onSuccess: (outcome) => tell(outcome, "being cancelled") },
      ),
    [mutate],
  )
  const open = useCallback(({ id }: ExecutionSummary) => goTo({ execution_id: id }), [goTo])
  const remove = useCallback(
    (row: ExecutionSummary) => setDoomed({ rows: [row], clear: () => undefined }),
    [],
  )
  const rowMenu = useRowMenu({ open, cancel, remove })
  const bulkBar = useCallback(
    (chosen: Rows, clear: () => void): ReactNode => (
      <BulkActs
        rows={chosen}
        onCancel={mayCancel ? (rows) => (cancel(rows), clear()) : null}
        onDelete={mayDelete ? (rows) => setDoomed({ rows, clear }) : null}
      />
    ),
    [cancel, mayCancel, mayDelete],
  )
  const dialog = (
    <AlertDialog
      open={doomed !== null}
      onOpenChange={(next) => !next && setDoomed(null)}
      title={`Delete ${many(doomed?.rows.length ?? 0)}?`}
      description="Their journals, inputs and outputs are lost, and cannot be brought back. What they cost stays counted."
      act={`Delete ${many(doomed?.rows.length ?? 0)}`}
      onAct={async () => {
        const ids = doomed?.rows.map(({ id }) => id) ?? []
        tell(await bulk.mutateAsync({ action: "delete", ids }), "deleted")
        doomed?.clear()
      }}
    />
  )
  return { open, rowMenu, bulk: bulkBar, dialog }
}

type RowMenuActs = {
  open: (row: ExecutionSummary) => void
  cancel: (rows: Rows) => void
  remove: (row: ExecutionSummary) => void
}

function useRowMenu({ open, cancel, remove }: RowMenuActs): (row: ExecutionSummary) => MenuEntry[] {
  const navigate = useNavigate()
  const goTo = useGoTo()
  const mayCancel = useCan("execution.cancel")
  const mayDelete = useCan("execution.delete")
  const mayStart = useCan("execution.start")
  const { mutate: retry } = useRetry()
  return useCallback(
    (row) => {
      const settled = isSettled(row.status)
      const link = `${location.origin}/executions/${row.id}`
      const executed = executedAt(row.flow_id)
      const openFlow = () => void navigate(executed.link)
      const entries: MenuEntry[] = [
        { label: "Open", icon: ExternalLink, keys: "enter", onSelect: () => open(row) },
        { label: `Open the ${executed.noun.toLowerCase()}`, icon: Workflow, onSelect: openFlow },
        { label: "Copy link", icon: Link2, onSelect: () => void navigator.clipboard.writeText(link) },
      ]
      if (mayStart && isRetryable(row.status)) {
        const again = () => retry({ id: row.id }, { onSuccess: goTo })
        entries.push({ label: "Retry from the failed step", icon: RotateCw, onSelect: again })
      }
      if (mayCancel && !settled)
        entries.push("divider", { label: "Cancel", icon: Ban, danger: true, onSelect: () => cancel([row]) })
      if (mayDelete && settled)
        entries.push("divider", { label: "Delete…", icon: Trash2, danger: true, onSelect: () => remove(row) })
      return entries
    },
    [navigate, goTo, open, cancel, remove, mayStart, mayCancel, mayDelete, retry],
  )
}

function tell({ done, refused }: BulkOutcome, deed: string): void {
  if (done > 0) toast.done(`${many(done)} ${done === 1 ? "is" : "are"} ${deed}`)
  for (const { message, count } of refused) toast.failed(new Error(message), `${many(count)} left as before`)
}
