import { useQuery } from "@tanstack/react-query"
import { Link } from "@tanstack/react-router"
import { CircleAlert, Download, UserRound } from "lucide-react"
import { useState } from "react"
import { debuggingApi } from "#core/contract/debugging"
import { ExecutionStatus } from "#core/execution/status"
import { send } from "#web/api/call.ts"
import { flowChoicesQuery, useActors } from "#web/api/choices.ts"
import { executionStatusLook } from "#web/flow/status.tsx"
import { Button } from "#web/ui/button.tsx"
import { FilterChips, type Filter } from "#web/ui/filter-chips.tsx"
import { SearchInput } from "#web/ui/input.tsx"
import { Menu } from "#web/ui/menu.tsx"
import { saveFile } from "#web/ui/save-file.ts"
import { TimeFilter } from "#web/ui/time-filter.tsx"
import { toast } from "#web/ui/toast.tsx"
import { askedOfMeQuery, attentionQuery } from "../queries.ts"
import { queryOf, type ListSearch } from "./list-search.ts"

const statusFilter: Filter = {
  id: "status",
  label: "Status",
  many: true,
  options: ExecutionStatus.options.map((value) => ({
    value,
    label: executionStatusLook[value].word,
    icon: executionStatusLook[value].icon,
  })),
}

type ToolbarProps = {
  search: ListSearch
  set: (change: Partial<ListSearch>) => void
  total: number | undefined
}

/** What is listed, what waits for somebody, and the list as a file. */
export function Toolbar({ search, set, total }: ToolbarProps) {
  const flows = useQuery(flowChoicesQuery).data?.flows ?? []
  const actors = useActors().choices
  const filters: Filter[] = [
    statusFilter,
    { id: "flow_id", label: "Flow", options: flows.map(({ id, name }) => ({ value: id, label: name })) },
    { id: "actor", label: "Started by", options: actors },
  ]
  const filter = (id: string, values: readonly string[]) => {
    if (id !== "status") return set({ [id]: values[0] })
    const statuses = ExecutionStatus.options.filter((status) => values.includes(status))
    set({ status: statuses.length > 0 ? statuses : undefined })
  }
  return (
    <div className="flex min-h-11 flex-wrap items-center gap-2 border-b border-line px-3 py-1.5">
      <SearchInput
        label="Search executions"
        value={search.q ?? ""}
        onChange={(q) => set({ q: q || undefined })}
        className="max-md:w-auto max-md:flex-1"
      />
      <FilterChips
        filters={filters}
        values={{
          status: search.status ?? [],
          flow_id: search.flow_id ? [search.flow_id] : [],
          actor: search.actor ? [search.actor] : [],
        }}
        onChange={filter}
      />
      <TimeFilter label="Started" span={{ from: search.from, to: search.to }} onChange={set} />
      <div className="ml-auto flex flex-wrap items-center gap-2">
        <Attention onShow={() => set({ ...nothing, status: ["needs_attention"] })} />
        {total !== undefined && (
          <p role="status" className="tabular text-sm text-muted max-md:sr-only">
            {total.toLocaleString("en")} {total === 1 ? "execution" : "executions"}
          </p>
        )}
        <ExportMenu search={search} />
      </div>
    </div>
  )
}

/** No search and no filter. */
export const nothing = {
  q: undefined,
  flow_id: undefined,
  status: undefined,
  from: undefined,
  to: undefined,
  actor: undefined,
}

/** What nothing happens to until a person acts: questions that one may answer, and steps that were cut off. */
function Attention({ onShow }: { onShow: () => void }) {
  const asked = useQuery(askedOfMeQuery).data?.total ?? 0
  const cutOff = useQuery(attentionQuery).data?.total ?? 0
  return (
    <>
      {asked > 0 && (
        <Button asChild size="sm">
          <Link to="/approvals">
            <UserRound aria-hidden className="size-3.5 text-waiting" />
            {asked.toLocaleString("en")} waiting for you
          </Link>
        </Button>
      )}
      {cutOff > 0 && (
        <Button size="sm" onClick={onShow}>
          <CircleAlert aria-hidden className="size-3.5 text-attention" />
          {cutOff.toLocaleString("en")} {cutOff === 1 ? "needs" : "need"} attention
        </Button>
      )}
    </>
  )
}

function ExportMenu({ search }: { search: ListSearch }) {
  const [busy, setBusy] = useState(false)
  const save = async (format: "csv" | "ndjson") => {
    setBusy(true)
    try {
      const { sort: _sort, ...filters } = queryOf(search)
      const response = await send(debuggingApi.exportList, { query: { ...filters, format } })
      saveFile(await response.blob(), `executions.${format}`)
    } catch (error) {
      toast.failed(error, "The list was not exported")
    } finally {
      setBusy(false)
    }
  }
  return (
    <Menu
      align="end"
      entries={[
        { heading: "What is listed, 10,000 at most" },
        { label: "CSV", onSelect: () => void save("csv") },
        { label: "NDJSON", onSelect: () => void save("ndjson") },
      ]}
    >
      <Button tone="ghost" size="sm" busy={busy}>
        <Download aria-hidden className="size-3.5" />
        Export
      </Button>
    </Menu>
  )
}
