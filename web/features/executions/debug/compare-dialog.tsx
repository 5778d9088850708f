import { useQuery } from "@tanstack/react-query"
import { useNavigate } from "@tanstack/react-router"
import { useMemo, useState } from "react"
import type { Execution, ExecutionSummary } from "#core/contract/executions"
import { ExecutionStatusMark } from "#web/flow/status.tsx"
import { Badge } from "#web/ui/badge.tsx"
import { Dialog } from "#web/ui/dialog.tsx"
import { ErrorNote } from "#web/ui/error-note.tsx"
import { SearchInput } from "#web/ui/input.tsx"
import { RelativeTime, sayDuration } from "#web/ui/relative-time.tsx"
import { Skeleton } from "#web/ui/skeleton.tsx"
import { relativesOf } from "../model/lineage.ts"
import { relativesQuery } from "../queries.ts"

type CompareDialogProps = { execution: Execution; onClose: () => void }

/** Chooses the execution to compare with: those that this one comes from first, then the latest of the same flow. */
export function CompareDialog({ execution, onClose }: CompareDialogProps) {
  const navigate = useNavigate()
  const list = useQuery(relativesQuery(execution.flow_id))
  const [words, setWords] = useState("")
  const choices = useMemo(
    () => relativesOf(execution, list.data?.executions ?? [], words),
    [execution, list.data, words],
  )
  const open = (other: string) =>
    void navigate({
      to: "/executions/$executionId/compare/$otherId",
      // The older one at the left, as one reads.
      params:
        other < execution.id
          ? { executionId: other, otherId: execution.id }
          : { executionId: execution.id, otherId: other },
    })
  return (
    <Dialog open onOpenChange={(next) => !next && onClose()} size="lg" title="Compare with">
      <div className="flex flex-col gap-3">
        <SearchInput
          label="Status, version or id"
          value={words}
          onChange={setWords}
          autoFocus
          className="w-full"
        />
        {list.error && <ErrorNote error={list.error} />}
        {list.isPending ? (
          <Skeleton className="h-40" />
        ) : (
          <ul className="-mx-2 max-h-96 overflow-y-auto">
            {choices.map(({ row, id, why }) => (
              <li key={id}>
                <button
                  type="button"
                  onClick={() => open(id)}
                  className="focus-ring flex min-h-9 w-full flex-wrap items-center gap-x-3 gap-y-0.5 rounded-md px-2 py-1 text-left hover:bg-hover"
                >
                  <Choice id={id} row={row} why={why} />
                </button>
              </li>
            ))}
            {choices.length === 0 && (
              <li className="px-2 py-2 text-muted">There is no other execution of this flow yet.</li>
            )}
          </ul>
        )}
      </div>
    </Dialog>
  )
}

type ChoiceProps = { id: string; row: ExecutionSummary | undefined; why: string | undefined }

const Choice = ({ id, row, why }: ChoiceProps) => (
  <>
    {row && <ExecutionStatusMark status={row.status} className="w-32" />}
    <span className="font-mono text-sm">…{id.slice(-6)}</span>
    {why !== undefined && <Badge tone="accent">{why}</Badge>}
    {row && (
      <>
        <span className="text-muted">
          {row.flow_version === null ? "draft" : `version ${row.flow_version}`}
        </span>
        {row.duration_ms !== null && (
          <span className="tabular text-muted">{sayDuration(row.duration_ms)}</span>
        )}
        <RelativeTime at={row.created_at} className="ml-auto text-muted" />
      </>
    )}
  </>
)
