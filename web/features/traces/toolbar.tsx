import { useQuery } from "@tanstack/react-query"
import { useMemo } from "react"
import { searchWindow, type FoundSpan } from "#core/contract/traces"
import { SpanKind, SpanStatus } from "#core/trace/span"
import { flowChoicesQuery } from "#web/api/choices.ts"
import { spanKindLook, spanStatusLook } from "#web/flow/waterfall/span-look.tsx"
import { FilterChips, type Filter } from "#web/ui/filter-chips.tsx"
import { SearchInput } from "#web/ui/input.tsx"
import { sayDuration } from "#web/ui/relative-time.tsx"
import { TimeFilter } from "#web/ui/time-filter.tsx"
import type { ListSearch } from "./list-search.ts"

const ended = SpanStatus.exclude(["unset"]).options

const fixed: readonly Filter[] = [
  {
    id: "status",
    label: "Status",
    many: true,
    options: ended.map((value) => ({
      value,
      label: spanStatusLook[value].word,
      icon: spanStatusLook[value].icon,
    })),
  },
  {
    id: "kind",
    label: "Kind",
    many: true,
    options: SpanKind.options.map((value) => ({
      value,
      label: spanKindLook[value].word,
      icon: spanKindLook[value].icon,
    })),
  },
  {
    id: "longer",
    label: "Longer than",
    options: [100, 1_000, 10_000, 60_000].map((ms) => ({ value: String(ms), label: sayDuration(ms) })),
  },
]

type ToolbarProps = {
  search: ListSearch
  set: (change: ListSearch) => void
  /** Models and nodes are offered as they are met with. */
  rows: readonly FoundSpan[] | undefined
  total: number | undefined
  isComplete: boolean
}

/** The search, the filters that hold, and how much there is. */
export function Toolbar({ search, set, rows, total, isComplete }: ToolbarProps) {
  const flows = useQuery(flowChoicesQuery).data?.flows ?? []
  const met = useMemo(() => metWith(rows ?? []), [rows])
  const filters: Filter[] = [
    ...fixed,
    { id: "flow_id", label: "Flow", options: flows.map(({ id, name }) => ({ value: id, label: name })) },
    { id: "node", label: "Node", options: withHeld(met.nodes, search.node) },
    { id: "model", label: "Model", options: withHeld(met.models, search.model) },
  ].filter((filter) => filter.options.length > 0)
  const filter = (id: string, values: readonly string[]) => {
    const [value] = values
    if (id === "kind") set({ kind: heldOf(SpanKind.options, values) })
    else if (id === "status") set({ status: heldOf(ended, values) })
    else if (id === "longer") set({ longer: value === undefined ? undefined : Number(value) })
    else if (id === "flow_id") set({ flow_id: flows.find((flow) => flow.id === value)?.id })
    else set({ [id]: value })
  }
  return (
    <div className="flex min-h-11 flex-wrap items-center gap-2 border-b border-line px-3 py-1.5">
      <SearchInput
        label="Search traces"
        value={search.q ?? ""}
        onChange={(q) => set({ q: q || undefined })}
        className="max-md:w-auto max-md:flex-1"
      />
      <FilterChips
        filters={filters}
        values={{
          status: search.status ?? [],
          kind: search.kind ?? [],
          longer: search.longer === undefined ? [] : [String(search.longer)],
          flow_id: search.flow_id ? [search.flow_id] : [],
          node: search.node ? [search.node] : [],
          model: search.model ? [search.model] : [],
        }}
        onChange={filter}
      />
      <TimeFilter label="Began" span={{ from: search.from, to: search.to }} onChange={set} />
      {total !== undefined && (
        <p role="status" className="tabular ml-auto text-sm text-muted max-md:sr-only">
          {total.toLocaleString("en")} {total === 1 ? "span" : "spans"}
          {!isComplete && ` among the newest ${searchWindow.toLocaleString("en")}`}
        </p>
      )}
    </div>
  )
}

function heldOf<T extends string>(options: readonly T[], values: readonly string[]): T[] | undefined {
  const held = options.filter((option) => values.includes(option))
  return held.length > 0 ? held : undefined
}

/** So many of each are offered at most. */
const mostOffered = 20

function metWith(rows: readonly FoundSpan[]): { nodes: string[]; models: string[] } {
  const distinct = (values: (string | null)[]) =>
    [...new Set(values)]
      .filter((value) => value !== null)
      .toSorted()
      .slice(0, mostOffered)
  return { nodes: distinct(rows.map((row) => row.node_id)), models: distinct(rows.map((row) => row.model)) }
}

const withHeld = (met: readonly string[], held: string | undefined): Filter["options"] =>
  [...new Set([...met, ...(held ? [held] : [])])].map((value) => ({ value, label: value }))
