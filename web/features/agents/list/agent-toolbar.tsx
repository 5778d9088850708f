import { SearchX } from "lucide-react"
import { AgentStatus } from "#core/agent/agent"
import { Button } from "#web/ui/button.tsx"
import { EmptyState } from "#web/ui/empty-state.tsx"
import { FilterChips, type Filter } from "#web/ui/filter-chips.tsx"
import { SearchInput } from "#web/ui/input.tsx"
import { agentStatuses } from "./agent-columns.tsx"
import type { AgentList } from "./use-agent-list.ts"

const filters: readonly Filter[] = [
  {
    id: "status",
    label: "Status",
    options: AgentStatus.options.map((value) => ({ value, label: agentStatuses[value].word })),
  },
]

export function AgentToolbar({ list: { search, set, total } }: { list: AgentList }) {
  return (
    <div className="flex min-h-11 flex-wrap items-center gap-2 border-b border-line px-3 py-1.5">
      <SearchInput
        label="Search agents"
        value={search.q ?? ""}
        onChange={(q) => set({ q: q || undefined })}
        className="max-md:w-auto max-md:flex-1"
      />
      <FilterChips
        filters={filters}
        values={{ status: search.status ? [search.status] : [] }}
        onChange={(_, [value]) => set({ status: AgentStatus.safeParse(value).data })}
      />
      {total !== undefined && (
        <p role="status" className="tabular ml-auto text-sm text-muted max-md:sr-only">
          {total.toLocaleString("en")} {total === 1 ? "agent" : "agents"}
        </p>
      )}
    </div>
  )
}

export const NoMatch = ({ onClear }: { onClear: () => void }) => (
  <EmptyState
    icon={SearchX}
    title="No agent matches"
    action={<Button onClick={onClear}>Clear search and filters</Button>}
  >
    Search looks at names, roles and descriptions.
  </EmptyState>
)
