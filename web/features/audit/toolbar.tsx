import { useQuery } from "@tanstack/react-query"
import { ShieldCheck } from "lucide-react"
import { useMemo } from "react"
import type { AuditRecord } from "#core/contract/audit"
import { FilterChips, type Filter } from "#web/ui/filter-chips.tsx"
import { SearchInput } from "#web/ui/input.tsx"
import { RelativeTime } from "#web/ui/relative-time.tsx"
import { TimeFilter } from "#web/ui/time-filter.tsx"
import type { ListSearch } from "./list-search.ts"
import { auditStateQuery } from "./queries.ts"
import { SentOut } from "./sent-out.tsx"
import { actorOf, areas, sayAction } from "./words.ts"

type ToolbarProps = {
  search: ListSearch
  set: (change: ListSearch) => void
  /** Who and what are offered as they are met with. */
  rows: readonly AuditRecord[] | undefined
}

/** So many of each are offered at most. */
const mostOffered = 20

/** The search, the filters that hold, and how far the log is sealed. */
export function Toolbar({ search, set, rows }: ToolbarProps) {
  const filters = useMemo(() => filtersOf(search, rows ?? []), [search, rows])
  return (
    <div className="flex min-h-11 flex-wrap items-center gap-2 border-b border-line px-3 py-1.5">
      <SearchInput
        label="Search the audit log"
        value={search.q ?? ""}
        onChange={(q) => set({ q: q || undefined })}
        className="max-md:w-auto max-md:flex-1"
      />
      <FilterChips
        filters={filters}
        values={{
          action: search.action ? [search.action] : [],
          actor: search.actor ? [search.actor] : [],
          target: search.target ? [search.target] : [],
        }}
        onChange={(id, [value]) => set({ [id]: value })}
      />
      <TimeFilter label="When" span={{ from: search.from, to: search.to }} onChange={set} />
      <div className="ml-auto flex flex-wrap items-center gap-x-4 gap-y-1 max-md:sr-only">
        <Sealed />
        <SentOut />
      </div>
    </div>
  )
}

function filtersOf(search: ListSearch, rows: readonly AuditRecord[]): Filter[] {
  const people = new Map(rows.map((row) => [row.actor, actorOf(row)]))
  if (search.actor && !people.has(search.actor)) people.set(search.actor, search.actor)
  const actions = areas.map(({ value, label }) => ({ value, label }))
  if (search.action && !actions.some(({ value }) => value === search.action))
    actions.push({ value: search.action, label: sayAction(search.action) })
  const filters: Filter[] = [
    { id: "action", label: "What", options: actions },
    {
      id: "actor",
      label: "Who",
      options: [...people].slice(0, mostOffered).map(([value, label]) => ({ value, label })),
    },
    {
      id: "target",
      label: "Target",
      options: search.target ? [{ value: search.target, label: search.target }] : [],
    },
  ]
  return filters.filter(({ options }) => options.length > 0)
}

/** How large the log is, and up to where a checkpoint is signed. */
function Sealed() {
  const { data } = useQuery(auditStateQuery)
  if (!data) return null
  const { size, checkpoint } = data
  return (
    <p role="status" className="tabular flex items-center gap-1.5 text-sm text-muted">
      <ShieldCheck aria-hidden className="size-3.5 text-succeeded" />
      <span>
        {size.toLocaleString("en")} {size === 1 ? "entry" : "entries"} sealed
        {checkpoint && (
          <>
            , signed up to {checkpoint.size.toLocaleString("en")} <RelativeTime at={checkpoint.at} />
          </>
        )}
      </span>
    </p>
  )
}
