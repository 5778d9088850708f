import { SearchX } from "lucide-react"
import { Risk, ToolKind } from "#core/tool/tool"
import { risks } from "#web/agent/tools/risk-badge.tsx"
import { Button } from "#web/ui/button.tsx"
import { EmptyState } from "#web/ui/empty-state.tsx"
import { FilterChips, type Filter } from "#web/ui/filter-chips.tsx"
import { SearchInput } from "#web/ui/input.tsx"
import { toolKinds } from "../kinds.ts"
import type { ToolList } from "./use-tool-list.ts"

const filters: readonly Filter[] = [
  {
    id: "kind",
    label: "Kind",
    options: ToolKind.options.map((value) => ({ value, ...toolKinds[value] })),
  },
  { id: "risk", label: "Risk", options: Risk.options.map((value) => ({ value, label: risks[value].word })) },
]

const held = (value: string | undefined) => (value ? [value] : [])

export function ToolToolbar({ list: { search, set, total } }: { list: ToolList }) {
  return (
    <div className="flex min-h-11 flex-wrap items-center gap-2 border-b border-line px-3 py-1.5">
      <SearchInput
        label="Search tools"
        value={search.q ?? ""}
        onChange={(q) => set({ q: q || undefined })}
        className="max-md:w-auto max-md:flex-1"
      />
      <FilterChips
        filters={filters}
        values={{ kind: held(search.kind), risk: held(search.risk) }}
        onChange={(id, [value]) =>
          set(id === "kind" ? { kind: ToolKind.safeParse(value).data } : { risk: Risk.safeParse(value).data })
        }
      />
      {total !== undefined && (
        <p role="status" className="tabular ml-auto text-sm text-muted max-md:sr-only">
          {total.toLocaleString("en")} {total === 1 ? "tool" : "tools"} of your own
        </p>
      )}
    </div>
  )
}

export const NoMatch = ({ onClear }: { onClear: () => void }) => (
  <EmptyState
    icon={SearchX}
    title="No tool matches"
    action={<Button onClick={onClear}>Clear search and filters</Button>}
  >
    Search looks at names and descriptions.
  </EmptyState>
)
