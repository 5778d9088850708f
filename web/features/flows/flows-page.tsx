import { useNavigate } from "@tanstack/react-router"
import { FileUp, Plus, Trash2 } from "lucide-react"
import { lazy, Suspense, useCallback, useState } from "react"
import type { FlowSummary } from "#core/contract/flows"
import { useCan } from "#web/api/me.ts"
import { Button } from "#web/ui/button.tsx"
import { IconButton } from "#web/ui/icon-button.tsx"
import { ErrorState } from "#web/ui/error-state.tsx"
import { PageHeader } from "#web/ui/page-header.tsx"
import { Table } from "#web/ui/table/table.tsx"
import { FirstFlow } from "./first-flow.tsx"
import { FlowNarrow, flowColumns } from "./flow-columns.tsx"
import { FlowToolbar, NoMatch } from "./flow-toolbar.tsx"
import { useFlowActs, type FlowActs } from "./queries.ts"
import { useFlowList, type FlowList } from "./use-flow-list.ts"
import { useRowMenu } from "./use-row-menu.ts"

// Fetched when first wanted: a list is read far more often than it is added to.
const NewFlowDialog = lazy(() => import("./new-flow-dialog.tsx"))
const ImportDialog = lazy(() => import("./import/import-dialog.tsx"))
const RenameDialog = lazy(() => import("./rename-dialog.tsx"))

export function FlowsPage() {
  const list = useFlowList()
  const mayEdit = useCan("flow.edit")
  const { rows, error, isNarrowed, search, set } = list
  return (
    <>
      <PageHeader
        crumbs={[{ label: "Flows" }]}
        actions={
          mayEdit && (
            <HeaderActions
              onNew={() => set({ new: true }, false)}
              onImport={() => set({ import: true }, false)}
            />
          )
        }
      />
      {error && !rows ? (
        <ErrorState error={error} onRetry={list.refetch} className="my-auto" />
      ) : rows?.length === 0 && !isNarrowed ? (
        <FirstFlow mayEdit={mayEdit} />
      ) : (
        <FlowTable list={list} mayEdit={mayEdit} />
      )}
      <Suspense>
        {mayEdit && search.new && <NewFlowDialog onClose={() => set({ new: undefined })} />}
        {mayEdit && search.import && <ImportDialog onClose={() => set({ import: undefined })} />}
      </Suspense>
    </>
  )
}

function HeaderActions({ onNew, onImport }: { onNew: () => void; onImport: () => void }) {
  return (
    <>
      <IconButton label="Import a flow from a file" size="sm" onClick={onImport}>
        <FileUp />
      </IconButton>
      <Button tone="primary" size="sm" onClick={onNew}>
        <Plus aria-hidden />
        New flow
      </Button>
    </>
  )
}

function FlowTable({ list, mayEdit }: { list: FlowList; mayEdit: boolean }) {
  const { rows, total, sort, set, onEnd } = list
  const navigate = useNavigate({ from: "/flows" })
  const acts = useFlowActs()
  const [renamed, setRenamed] = useState<FlowSummary | null>(null)
  const open = useCallback(
    (flow: FlowSummary) => void navigate({ to: "/flows/$flowId", params: { flowId: flow.id } }),
    [navigate],
  )
  const rowMenu = useRowMenu({ mayEdit, acts, onOpen: open, onRename: setRenamed })
  return (
    <>
      <FlowToolbar list={list} />
      <Table
        label="Flows"
        rows={rows}
        rowKey={keyOf}
        rowLabel={nameOf}
        columns={flowColumns}
        narrow={narrow}
        sort={sort}
        onSort={(next) => set({ sort: next })}
        onOpen={open}
        rowMenu={rowMenu}
        total={total}
        onEnd={onEnd}
        {...(mayEdit && { bulk: bulkOf(acts) })}
        empty={<NoMatch onClear={() => set({ q: undefined, status: undefined })} />}
      />
      <Suspense>{renamed && <RenameDialog flow={renamed} onClose={() => setRenamed(null)} />}</Suspense>
    </>
  )
}

const keyOf = (flow: FlowSummary) => flow.id
const nameOf = (flow: FlowSummary) => flow.name
const narrow = (flow: FlowSummary) => <FlowNarrow flow={flow} />

const bulkOf = (acts: FlowActs) => (chosen: readonly FlowSummary[], clear: () => void) => (
  <Button
    size="sm"
    onClick={() => {
      acts.remove.mutate(chosen)
      clear()
    }}
  >
    <Trash2 aria-hidden />
    Delete
  </Button>
)
