import { useNavigate } from "@tanstack/react-router"
import { Trash2 } from "lucide-react"
import { useCallback } from "react"
import { useCan } from "#web/api/me.ts"
import { Button } from "#web/ui/button.tsx"
import { ErrorState } from "#web/ui/error-state.tsx"
import { PageHeader } from "#web/ui/page-header.tsx"
import { Table } from "#web/ui/table/table.tsx"
import { FirstTool } from "./list/first-tool.tsx"
import { NewToolButton } from "./list/new-tool-button.tsx"
import type { ToolRow } from "./list/rows.ts"
import { toolColumns, ToolNarrow } from "./list/tool-columns.tsx"
import { NoMatch, ToolToolbar } from "./list/tool-toolbar.tsx"
import { useToolList, type ToolList } from "./list/use-tool-list.ts"
import { useToolMenu } from "./list/use-tool-menu.ts"
import { useToolActs, type ToolActs } from "./queries.ts"

/** What agents and flows may call: the tenant's own tools, and those that every tenant has. */
export function ToolsPage() {
  const list = useToolList()
  const mayEdit = useCan("agent.edit")
  return (
    <>
      <PageHeader crumbs={[{ label: "Tools" }]} actions={mayEdit && <NewToolButton />} />
      {list.error && !list.rows ? (
        <ErrorState error={list.error} onRetry={list.refetch} className="my-auto" />
      ) : (
        <>
          {list.isFirst ? <FirstTool mayEdit={mayEdit} /> : <ToolToolbar list={list} />}
          <ToolTable list={list} mayEdit={mayEdit} />
        </>
      )}
    </>
  )
}

function ToolTable({ list, mayEdit }: { list: ToolList; mayEdit: boolean }) {
  const { rows, sort, set, onEnd } = list
  const navigate = useNavigate()
  const acts = useToolActs()
  const onOpen = useCallback(
    ({ own }: ToolRow) => own && void navigate({ to: "/tools/$toolId", params: { toolId: own.id } }),
    [navigate],
  )
  const rowMenu = useToolMenu({ mayEdit, acts, onOpen })
  return (
    <Table
      label="Tools"
      rows={rows}
      rowKey={keyOf}
      rowLabel={nameOf}
      columns={toolColumns}
      narrow={narrow}
      sort={sort}
      onSort={(next) => set({ sort: next })}
      onOpen={onOpen}
      rowMenu={rowMenu}
      onEnd={onEnd}
      {...(mayEdit && { bulk: bulkOf(acts) })}
      empty={<NoMatch onClear={() => set({ q: undefined, kind: undefined, risk: undefined })} />}
    />
  )
}

const keyOf = (row: ToolRow) => row.id
const nameOf = (row: ToolRow) => row.name
const narrow = (row: ToolRow) => <ToolNarrow row={row} />

const bulkOf = (acts: ToolActs) => (chosen: readonly ToolRow[], clear: () => void) => {
  const own = chosen.flatMap((row) => row.own ?? [])
  return (
    <Button
      size="sm"
      disabled={own.length === 0}
      onClick={() => {
        acts.remove.mutate(own)
        clear()
      }}
    >
      <Trash2 aria-hidden />
      {own.length === chosen.length ? "Delete" : `Delete ${own.length} of your own`}
    </Button>
  )
}
