import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { useNavigate, useSearch } from "@tanstack/react-router"
import { KeyRound, Plus, SearchX, Trash2 } from "lucide-react"
import { useCallback, useState } from "react"
import type { ApiKey } from "#core/contract/api-keys"
import { useCan } from "#web/api/me.ts"
import { Button } from "#web/ui/button.tsx"
import { AlertDialog } from "#web/ui/dialog.tsx"
import { EmptyState } from "#web/ui/empty-state.tsx"
import { ErrorState } from "#web/ui/error-state.tsx"
import { SearchInput } from "#web/ui/input.tsx"
import type { MenuEntry } from "#web/ui/menu.tsx"
import { PageHeader } from "#web/ui/page-header.tsx"
import { Table } from "#web/ui/table/table.tsx"
import { toast } from "#web/ui/toast.tsx"
import { ApiKeyNarrow, apiKeyColumns } from "./api-key-columns.tsx"
import { apiKeysQuery, useKeyActs } from "./api-key-queries.ts"
import { NewKeyDialog } from "./new-key-dialog.tsx"

export function ApiKeysPage() {
  const search = useSearch({ from: "/shell/inside/settings/api-keys" })
  const navigate = useNavigate({ from: "/settings/api-keys" })
  const mayEdit = useCan("key.edit")
  const sort = search.sort ?? "-created_at"
  const list = useQuery({
    ...apiKeysQuery({ sort, ...(search.q ? { search: search.q } : {}) }),
    placeholderData: keepPreviousData,
  })
  const [isNew, setNew] = useState(false)
  const [revoked, setRevoked] = useState<ApiKey | null>(null)
  const { revoke } = useKeyActs()
  const rows = list.data?.api_keys
  const set = (change: Partial<typeof search>) =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true })
  const rowMenu = useCallback(
    (key: ApiKey): MenuEntry[] => [{ label: "Revoke…", icon: Trash2, danger: true, onSelect: () => setRevoked(key) }],
    [],
  )
  return (
    <>
      <PageHeader
        crumbs={[{ label: "Settings", to: "/settings" }, { label: "API keys" }]}
        actions={
          mayEdit && (
            <Button tone="primary" size="sm" onClick={() => setNew(true)}>
              <Plus aria-hidden />
              New key
            </Button>
          )
        }
      />
      {list.error && !rows ? (
        <ErrorState error={list.error} onRetry={() => void list.refetch()} className="my-auto" />
      ) : (
        <>
          {(rows === undefined || rows.length > 0 || search.q) && (
            <div className="flex min-h-11 items-center gap-2 border-b border-line px-3 py-1.5">
              <SearchInput label="Search keys" value={search.q ?? ""} onChange={(q) => set({ q: q || undefined })} className="max-md:w-auto max-md:flex-1" />
            </div>
          )}
          <Table
            label="API keys"
            rows={rows}
            rowKey={keyOf}
            rowLabel={nameOf}
            columns={apiKeyColumns}
            narrow={narrow}
            sort={sort}
            onSort={(next) => set({ sort: next })}
            {...(mayEdit && { rowMenu })}
            empty={search.q ? <NoMatch /> : <NoKeys onNew={mayEdit ? () => setNew(true) : undefined} />}
          />
        </>
      )}
      {isNew && <NewKeyDialog onClose={() => setNew(false)} />}
      <AlertDialog
        open={revoked !== null}
        onOpenChange={(open) => !open && setRevoked(null)}
        title={`Revoke “${revoked?.name ?? ""}”?`}
        description="What uses this key is refused within 5 seconds. It cannot be brought back."
        act="Revoke key"
        {...(revoked && { typeName: revoked.name })}
        onAct={async () => {
          if (!revoked) return
          try {
            await revoke.mutateAsync(revoked)
            toast.done(`Revoked “${revoked.name}”`)
          } catch (error) {
            toast.failed(error)
          }
        }}
      />
    </>
  )
}

const keyOf = (key: ApiKey) => key.id
const nameOf = (key: ApiKey) => key.name
const narrow = (key: ApiKey) => <ApiKeyNarrow apiKey={key} />

const NoMatch = () => (
  <EmptyState icon={SearchX} title="No key matches">
    Search looks at the names of keys.
  </EmptyState>
)

const NoKeys = ({ onNew }: { onNew?: (() => void) | undefined }) => (
  <EmptyState
    icon={KeyRound}
    title="No API keys yet"
    action={
      onNew && (
        <Button tone="primary" onClick={onNew}>
          Create a key
        </Button>
      )
    }
  >
    An edge app or script calls flows with a key: it says who is calling, and its scopes say what that caller may do.
  </EmptyState>
)
