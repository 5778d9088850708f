import { Ban, Download, Trash2 } from "lucide-react"
import type { ExecutionSummary } from "#core/contract/executions"
import { isSettled } from "#core/execution/status"
import { Button } from "#web/ui/button.tsx"
import { Menu } from "#web/ui/menu.tsx"
import { saveFile } from "#web/ui/save-file.ts"
import { toCsv, toNdjson } from "../model/export-rows.ts"

type Rows = readonly ExecutionSummary[]

type BulkActsProps = {
  rows: Rows
  /** Null where the person may not. */
  onCancel: ((rows: Rows) => void) | null
  onDelete: ((rows: Rows) => void) | null
}

/** What can be done with the rows that are ticked: what goes on can be cancelled, what has ended deleted. */
export function BulkActs({ rows, onCancel, onDelete }: BulkActsProps) {
  const running = rows.filter((row) => !isSettled(row.status))
  const settled = rows.filter((row) => isSettled(row.status))
  return (
    <>
      {onCancel && running.length > 0 && (
        <Button size="sm" onClick={() => onCancel(running)}>
          <Ban aria-hidden />
          Cancel {running.length.toLocaleString("en")}
        </Button>
      )}
      {onDelete && settled.length > 0 && (
        <Button size="sm" onClick={() => onDelete(settled)}>
          <Trash2 aria-hidden />
          Delete {settled.length.toLocaleString("en")}…
        </Button>
      )}
      <Menu
        side="top"
        entries={[
          {
            label: "CSV",
            onSelect: () => saveFile(new Blob([toCsv(rows)], { type: "text/csv" }), "executions.csv"),
          },
          {
            label: "NDJSON",
            onSelect: () =>
              saveFile(new Blob([toNdjson(rows)], { type: "application/x-ndjson" }), "executions.ndjson"),
          },
        ]}
      >
        <Button size="sm">
          <Download aria-hidden />
          Export
        </Button>
      </Menu>
    </>
  )
}
