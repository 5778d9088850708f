import { useQuery } from "@tanstack/react-query"
import { Pencil, Route, Trash2 } from "lucide-react"
import { useCallback } from "react"
import type { ModelAlias } from "#core/contract/model-aliases"
import { Button } from "#web/ui/button.tsx"
import { EmptyState } from "#web/ui/empty-state.tsx"
import { ErrorState } from "#web/ui/error-state.tsx"
import type { MenuEntry } from "#web/ui/menu.tsx"
import { RelativeTime } from "#web/ui/relative-time.tsx"
import type { Column } from "#web/ui/table/model.ts"
import { Table } from "#web/ui/table/table.tsx"
import { sayLadder } from "./model.ts"
import { aliasesQuery, useAliasActs } from "./queries.ts"

/** Names that stand for several models in turn. */
export function Aliases({ mayEdit, onEdit }: { mayEdit: boolean; onEdit: (id: string) => void }) {
  const list = useQuery(aliasesQuery)
  const { mutate: remove } = useAliasActs().remove
  const onOpen = useCallback((alias: ModelAlias) => onEdit(alias.id), [onEdit])
  const rowMenu = useCallback(
    (alias: ModelAlias): MenuEntry[] => [
      { label: "Edit…", icon: Pencil, keys: "enter", onSelect: () => onEdit(alias.id) },
      "divider",
      { label: "Delete", icon: Trash2, danger: true, onSelect: () => remove(alias) },
    ],
    [onEdit, remove],
  )
  const rows = list.data?.model_aliases
  if (list.error && !rows)
    return <ErrorState error={list.error} onRetry={() => void list.refetch()} className="my-auto" />
  return (
    <Table
      label="Model aliases"
      rows={rows}
      rowKey={keyOf}
      rowLabel={nameOf}
      columns={columns}
      narrow={narrow}
      {...(mayEdit ? { rowMenu, onOpen } : {})}
      empty={
        <EmptyState
          icon={Route}
          title="No aliases yet"
          action={
            mayEdit && (
              <Button tone="primary" onClick={() => onEdit("new")}>
                Add an alias
              </Button>
            )
          }
        >
          An alias is a name such as “fast” that agents and nodes use as their model. It asks one model after
          another until one answers, and you change what it means in one place.
        </EmptyState>
      }
    />
  )
}

const keyOf = (alias: ModelAlias) => alias.id
const nameOf = (alias: ModelAlias) => alias.name
const narrow = (alias: ModelAlias) => (
  <>
    <span className="block truncate font-mono text-base font-medium">{alias.name}</span>
    <span className="block truncate text-sm text-muted">{sayLadder(alias)}</span>
  </>
)

const columns: readonly Column<ModelAlias>[] = [
  {
    id: "name",
    header: "Name",
    width: "minmax(8rem, 0.5fr)",
    cell: (alias) => (
      <span className="truncate font-mono text-sm font-medium" title={alias.name}>
        {alias.name}
      </span>
    ),
  },
  {
    id: "asks",
    header: "Asks",
    width: "minmax(0, 1fr)",
    cell: (alias) => (
      <span className="truncate" title={sayLadder(alias)}>
        {sayLadder(alias)}
      </span>
    ),
  },
  {
    id: "description",
    header: "Description",
    width: "minmax(0, 0.7fr)",
    room: "wide",
    cell: (alias) => <span className="truncate text-muted">{alias.description}</span>,
  },
  {
    id: "cache",
    header: "Cache",
    width: "5rem",
    room: "wide",
    cell: ({ settings }) => (
      <span className="text-muted">{settings.cache_seconds > 0 ? `${settings.cache_seconds} s` : "Off"}</span>
    ),
  },
  {
    id: "updated",
    header: "Updated",
    width: "6.5rem",
    align: "end",
    cell: (alias) => <RelativeTime at={alias.updated_at} className="truncate text-muted" />,
  },
]
