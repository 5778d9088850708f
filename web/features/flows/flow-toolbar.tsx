import { SearchX } from "lucide-react"
import { Button } from "#web/ui/button.tsx"
import { EmptyState } from "#web/ui/empty-state.tsx"
import { FilterChips, type Filter } from "#web/ui/filter-chips.tsx"
import { SearchInput } from "#web/ui/input.tsx"
import type { FlowList } from "./use-flow-list.ts"

const filters: readonly Filter[] = [
  {
    id: "status",
    label: "Status",
    options: [
      { value: "published", label: "Published" },
      { value: "draft", label: "Draft" },
      { value: "review", label: "Waits for review" },
    ],
  },
]

const asStatus = (value: string | undefined) =>
  value === "published" || value === "draft" || value === "review" ? value : undefined

export function FlowToolbar({ list: { search, set, total } }: { list: FlowList }) {
  return (
    <div className="flex min-h-11 flex-wrap items-center gap-2 border-b border-line px-3 py-1.5">
      <SearchInput
        label="Search flows"
        value={search.q ?? ""}
        onChange={(q) => set({ q: q || undefined })}
        className="max-md:w-auto max-md:flex-1"
      />
      <FilterChips
        filters={filters}
        values={{ status: search.status ? [search.status] : [] }}
        onChange={(_, [value]) => set({ status: asStatus(value) })}
      />
      {total !== undefined && (
        <p role="status" className="tabular ml-auto text-sm text-muted max-md:sr-only">
          {total.toLocaleString("en")} {total === 1 ? "flow" : "flows"}
        </p>
      )}
    </div>
  )
}

export const NoMatch = ({ onClear }: { onClear: () => void }) => (
  <EmptyState
    icon={SearchX}
    title="No flow matches"
    action={<Button onClick={onClear}>Clear search and filters</Button>}
  >
    Search looks at names and descriptions.
  </EmptyState>
)
