import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { useNavigate, useSearch } from "@tanstack/react-router"
import { KeyRound, MessageCircle, Plus, SearchX, Trash2 } from "lucide-react"
import { useCallback, useState } from "react"
import type { ApiKey } from "#core/contract/api-keys"
import { useCan } from "#web/api/me.ts"
import { Button } from "#web/ui/button.tsx"
import { EmptyState } from "#web/ui/empty-state.tsx"
import { ErrorState } from "#web/ui/error-state.tsx"
import { SearchInput } from "#web/ui/input.tsx"
import type { MenuEntry } from "#web/ui/menu.tsx"
import { PageHeader } from "#web/ui/page-header.tsx"
import { Table } from "#web/ui/table/table.tsx"
import { useSettled } from "#web/ui/use-settled.ts"
import { ApiKeyNarrow, apiKeyColumns } from "./api-key-columns.tsx"
import { apiKeysQuery } from "./api-key-queries.ts"
import { NewKeyDialog } from "./new-key-dialog.tsx"
import { NewWidgetDialog } from "./new-widget-dialog.tsx"
import { RevokeDialog } from "./revoke-dialog.tsx"

export function ApiKeysPage() {
  const mayEdit = useCan("key.edit")
  const mayChat = useCan("chat.write")
  const [made, setMade] = useState<"key" | "widget" | null>(null)
  const openNew = mayEdit ? () => setMade("key") : undefined
  return (
    <>
      <PageHeader
        crumbs={[{ label: "Settings", to: "/settings" }, { label: "API keys" }]}
        actions={
          openNew && (
            <>
              {mayChat && (
                <Button size="sm" onClick={() => setMade("widget")}>
                  <MessageCircle aria-hidden />
                  New widget
                </Button>
              )}
              <Button tone="primary" size="sm" onClick={openNew}>
                <Plus aria-hidden />
                New key
              </Button>
            </>
          )
        }
      />
      <KeyTable onNew={openNew} />
      {made === "key" && <NewKeyDialog onClose={() => setMade(null)} />}
      {made === "widget" && <NewWidgetDialog onClose={() => setMade(null)} />}
    </>
  )
}

/** `onNew` is absent for those who may not make keys, or revoke them. */
function KeyTable({ onNew }: { onNew: (() => void) | undefined }) {
  const search = useSearch({ from: "/shell/inside/settings/api-keys" })
  const navigate = useNavigate({ from: "/settings/api-keys" })
  const sort = search.sort ?? "-created_at"
  const q = useSettled(search.q)
  const list = useQuery({
    ...apiKeysQuery({ sort, ...(q ? { search: q } : {}) }),
    placeholderData: keepPreviousData,
  })
  const [revoked, setRevoked] = useState<ApiKey | null>(null)
  const rows = list.data?.api_keys
  const set = (change: Partial<typeof search>) =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true })
  const rowMenu = useCallback(
    (key: ApiKey): MenuEntry[] => [
      { label: "Revoke…", icon: Trash2, danger: true, onSelect: () => setRevoked(key) },
    ],
    [],
  )
  if (list.error && !rows) {
    return <ErrorState error={list.error} onRetry={() => void list.refetch()} className="my-auto" />
  }
  return (
    <>
      {(rows === undefined || rows.length > 0 || search.q) && (
        <div className="flex min-h-11 items-center gap-2 border-b border-line px-3 py-1.5">
          <SearchInput
            label="Search keys"
            value={search.q ?? ""}
            onChange={(q) => set({ q: q || undefined })}
            className="max-md:w-auto max-md:flex-1"
          />
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
        {...(onNew && { rowMenu })}
        empty={search.q ? <NoMatch /> : <NoKeys onNew={onNew} />}
      />
      {revoked && <RevokeDialog apiKey={revoked} onClose={() => setRevoked(null)} />}
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

const NoKeys = ({ onNew }: { onNew: (() => void) | undefined }) => (
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
    An edge app or script calls flows with a key: it says who is calling, and its scopes say what that caller
    may do.
  </EmptyState>
)
