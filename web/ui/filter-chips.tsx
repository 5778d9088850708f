import { ListFilter, X } from "lucide-react"
import type { LucideIcon } from "lucide-react"
import { Button } from "./button.tsx"
import { Menu, type MenuEntry } from "./menu.tsx"

export type Filter = {
  id: string
  label: string
  icon?: LucideIcon
  options: readonly { value: string; label: string; icon?: LucideIcon }[]
  /** Whether several values may hold at once. */
  many?: boolean
}

/** Values by filter id; the page keeps them in the URL. */
type FilterValues = Record<string, readonly string[]>

type FilterChipsProps = {
  filters: readonly Filter[]
  values: FilterValues
  onChange: (id: string, values: string[]) => void
}

/** The filters that hold, as chips to change or remove, and a menu to add one. */
export function FilterChips({ filters, values, onChange }: FilterChipsProps) {
  const held = filters.filter((filter) => (values[filter.id]?.length ?? 0) > 0)
  const entries = filters.flatMap((filter): MenuEntry[] => [
    { heading: filter.label },
    ...choices(filter, values[filter.id] ?? [], onChange),
  ])
  return (
    <div className="flex min-w-0 flex-wrap items-center gap-1.5">
      <Menu entries={entries}>
        <Button tone="ghost" size="sm">
          <ListFilter aria-hidden className="size-3.5" />
          Filter
        </Button>
      </Menu>
      {held.map((filter) => (
        <Chip key={filter.id} filter={filter} values={values[filter.id] ?? []} onChange={onChange} />
      ))}
    </div>
  )
}

function choices(
  filter: Filter,
  values: readonly string[],
  onChange: FilterChipsProps["onChange"],
): MenuEntry[] {
  return filter.options.map((option) => {
    const checked = values.includes(option.value)
    const others = filter.many ? values.filter((value) => value !== option.value) : []
    return {
      label: option.label,
      ...(option.icon ? { icon: option.icon } : {}),
      checked,
      onSelect: () => onChange(filter.id, checked ? others : [...others, option.value]),
    }
  })
}

function Chip({
  filter,
  values,
  onChange,
}: {
  filter: Filter
  values: readonly string[]
  onChange: FilterChipsProps["onChange"]
}) {
  const said = filter.options.filter((option) => values.includes(option.value)).map((option) => option.label)
  return (
    <span className="inline-flex h-7 max-w-full items-center rounded-md border border-line-strong bg-surface text-sm pointer-coarse:h-9">
      <Menu entries={choices(filter, values, onChange)}>
        <button
          type="button"
          className="focus-ring flex h-full min-w-0 items-center gap-1 rounded-l-md pr-1.5 pl-2 hover:bg-hover data-[state=open]:bg-hover"
        >
          <span className="text-muted">{filter.label}</span>
          <span className="truncate font-medium">
            {said.length > 2 ? `${said.length} of ${filter.options.length}` : said.join(" or ")}
          </span>
        </button>
      </Menu>
      <button
        type="button"
        aria-label={`Remove the filter ${filter.label}`}
        onClick={() => onChange(filter.id, [])}
        className="focus-ring flex h-full w-6 items-center justify-center rounded-r-md text-muted hover:bg-hover hover:text-ink pointer-coarse:w-9"
      >
        <X aria-hidden className="size-3" />
      </button>
    </span>
  )
}
