import { useNavigate } from "@tanstack/react-router"
import { FileUp, Plus, SearchX, Trash2 } from "lucide-react"
import { lazy, Suspense, useCallback } from "react"
import type { CrewSummary } from "#core/contract/crews"
import { useCan } from "#web/api/me.ts"
import { Button } from "#web/ui/button.tsx"
import { EmptyState } from "#web/ui/empty-state.tsx"
import { ErrorState } from "#web/ui/error-state.tsx"
import { IconButton } from "#web/ui/icon-button.tsx"
import { SearchInput } from "#web/ui/input.tsx"
import { PageHeader } from "#web/ui/page-header.tsx"
import { Table } from "#web/ui/table/table.tsx"
import { CrewNarrow, crewColumns } from "./list/crew-columns.tsx"
import { FirstCrew } from "./list/first-crew.tsx"
import { useCrewList, type CrewList } from "./list/use-crew-list.ts"
import { useRowMenu } from "./list/use-row-menu.ts"
import { useCrewActs, type CrewActs } from "./queries.ts"

// Fetched when first wanted: a list is read far more often than it is added to.
const NewCrewDialog = lazy(() => import("./list/new-crew-dialog.tsx"))
const ImportDialog = lazy(() => import("./list/import-dialog.tsx"))

/** Every crew of the tenant. */
export function CrewsPage() {
  const list = useCrewList()
  const mayEdit = useCan("agent.edit")
  const { rows, error, isNarrowed, search, set } = list
  const onClose = () => set({ new: undefined })
  return (
    <>
      <PageHeader
        crumbs={[{ label: "Crews" }]}
        actions={
          mayEdit && (
            <>
              <IconButton label="Import from CrewAI" size="sm" onClick={() => set({ new: "import" }, false)}>
                <FileUp />
              </IconButton>
              <Button tone="primary" size="sm" onClick={() => set({ new: "crew" }, false)}>
                <Plus aria-hidden />
                New crew
              </Button>
            </>
          )
        }
      />
      {error && !rows ? (
        <ErrorState error={error} onRetry={list.refetch} className="my-auto" />
      ) : rows?.length === 0 && !isNarrowed ? (
        <FirstCrew mayEdit={mayEdit} onImport={() => set({ new: "import" }, false)} />
      ) : (
        <CrewTable list={list} mayEdit={mayEdit} />
      )}
      <Suspense>
        {mayEdit && search.new === "crew" && <NewCrewDialog onClose={onClose} />}
        {mayEdit && search.new === "import" && <ImportDialog onClose={onClose} />}
      </Suspense>
    </>
  )
}

function CrewTable({ list, mayEdit }: { list: CrewList; mayEdit: boolean }) {
  const { rows, total, sort, set, onEnd, search } = list
  const navigate = useNavigate()
  const acts = useCrewActs()
  const onOpen = useCallback(
    (crew: CrewSummary) => void navigate({ to: "/crews/$crewId", params: { crewId: crew.id } }),
    [navigate],
  )
  const rowMenu = useRowMenu({ mayEdit, acts, onOpen })
  return (
    <>
      <div className="flex min-h-11 items-center gap-2 border-b border-line px-3 py-1.5">
        <SearchInput
          label="Search crews"
          value={search.q ?? ""}
          onChange={(q) => set({ q: q || undefined })}
          className="max-md:w-auto max-md:flex-1"
        />
        {total !== undefined && (
          <p role="status" className="tabular ml-auto text-sm text-muted max-md:sr-only">
            {total.toLocaleString("en")} {total === 1 ? "crew" : "crews"}
          </p>
        )}
      </div>
      <Table
        label="Crews"
        rows={rows}
        total={total}
        rowKey={keyOf}
        rowLabel={nameOf}
        columns={crewColumns}
        narrow={narrow}
        sort={sort}
        onSort={(next) => set({ sort: next })}
        onOpen={onOpen}
        rowMenu={rowMenu}
        onEnd={onEnd}
        {...(mayEdit && { bulk: bulkOf(acts) })}
        empty={
          <EmptyState
            icon={SearchX}
            title="No crew matches"
            action={<Button onClick={() => set({ q: undefined })}>Clear the search</Button>}
          >
            Search looks at names and descriptions.
          </EmptyState>
        }
      />
    </>
  )
}

const keyOf = (crew: CrewSummary) => crew.id
const nameOf = (crew: CrewSummary) => crew.name
const narrow = (crew: CrewSummary) => <CrewNarrow crew={crew} />

const bulkOf = (acts: CrewActs) => (chosen: readonly CrewSummary[], clear: () => void) => (
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
