import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { useNavigate, useSearch } from "@tanstack/react-router"
import { LockKeyhole, Plus, SearchX } from "lucide-react"
import { useCallback, useMemo, type ReactNode } from "react"
import type { Credential } from "#core/contract/credentials"
import { useCan } from "#web/api/me.ts"
import { Button } from "#web/ui/button.tsx"
import { EmptyState } from "#web/ui/empty-state.tsx"
import { ErrorState } from "#web/ui/error-state.tsx"
import { SearchInput } from "#web/ui/input.tsx"
import { PageHeader } from "#web/ui/page-header.tsx"
import { Table } from "#web/ui/table/table.tsx"
import { useSettled } from "#web/ui/use-settled.ts"
import { CredentialNarrow, credentialColumns } from "./credential-columns.tsx"
import { CredentialDialog } from "#web/credentials/credential-dialog.tsx"
import { credentialsQuery } from "#web/credentials/credential-queries.ts"
import { RenewKey } from "./renew-key.tsx"
import { useCredentialMenu } from "./use-credential-menu.ts"

/** Credentials for outgoing calls: what they are called, where they may go, and which are off. */
export function CredentialsPage() {
  const search = useSearch({ from: "/shell/inside/settings/credentials" })
  const navigate = useNavigate({ from: "/settings/credentials" })
  const mayEdit = useCan("credential.edit")
  const mayRenew = useCan("provider.edit")
  const sort = search.sort ?? "-created_at"
  const q = useSettled(search.q)
  const list = useQuery({
    ...credentialsQuery({ sort, ...(q ? { search: q } : {}) }),
    placeholderData: keepPreviousData,
  })
  const rows = list.data?.credentials
  const set = useCallback(
    (change: Partial<typeof search>) =>
      void navigate({ search: (before) => ({ ...before, ...change }), replace: true }),
    [navigate],
  )
  const onEdit = useCallback((edit: string | undefined) => set({ edit }), [set])
  const edited = rows?.find((credential) => credential.id === search.edit)
  const onNew = mayEdit ? () => onEdit("new") : undefined
  return (
    <>
      <PageHeader
        crumbs={[{ label: "Settings", to: "/settings" }, { label: "Credentials" }]}
        actions={
          <>
            {mayRenew && <RenewKey />}
            {onNew && (
              <Button tone="primary" size="sm" onClick={onNew}>
                <Plus aria-hidden />
                Add credential
              </Button>
            )}
          </>
        }
      />
      {list.error && !rows ? (
        <ErrorState error={list.error} onRetry={() => void list.refetch()} className="my-auto" />
      ) : (
        <>
          {(rows === undefined || rows.length > 0 || search.q) && (
            <div className="flex min-h-11 items-center gap-2 border-b border-line px-3 py-1.5">
              <SearchInput
                label="Search credentials"
                value={search.q ?? ""}
                onChange={(text) => set({ q: text || undefined })}
                className="max-md:w-auto max-md:flex-1"
              />
            </div>
          )}
          <CredentialTable
            rows={rows}
            sort={sort}
            onSort={(next) => set({ sort: next })}
            onEdit={mayEdit ? onEdit : undefined}
            empty={search.q ? <NoMatch /> : <None onNew={onNew} />}
          />
        </>
      )}
      {mayEdit && (search.edit === "new" || edited) && (
        <CredentialDialog key={search.edit} credential={edited ?? null} onClose={() => onEdit(undefined)} />
      )}
    </>
  )
}

type CredentialTableProps = {
  rows: readonly Credential[] | undefined
  sort: string
  onSort: (sort: string) => void
  /** Absent for those who may not change credentials. */
  onEdit: ((id: string) => void) | undefined
  empty: ReactNode
}

function CredentialTable({ rows, sort, onSort, onEdit, empty }: CredentialTableProps) {
  const columns = useMemo(() => credentialColumns(onEdit !== undefined), [onEdit])
  const rowMenu = useCredentialMenu(onEdit ?? nothing)
  const onOpen = useCallback((credential: Credential) => onEdit?.(credential.id), [onEdit])
  return (
    <Table
      label="Credentials"
      rows={rows}
      rowKey={keyOf}
      rowLabel={nameOf}
      columns={columns}
      narrow={narrow}
      sort={sort}
      onSort={onSort}
      {...(onEdit && { rowMenu, onOpen })}
      empty={empty}
    />
  )
}

const nothing = () => undefined
const keyOf = (credential: Credential) => credential.id
const nameOf = (credential: Credential) => credential.name
const narrow = (credential: Credential) => <CredentialNarrow credential={credential} />

const NoMatch = () => (
  <EmptyState icon={SearchX} title="No credential matches">
    Search looks at the names of credentials.
  </EmptyState>
)

const None = ({ onNew }: { onNew: (() => void) | undefined }) => (
  <EmptyState
    icon={LockKeyhole}
    title="No credentials yet"
    action={
      onNew && (
        <Button tone="primary" onClick={onNew}>
          Add a credential
        </Button>
      )
    }
  >
    An HTTP request of a flow names a credential, and its secret is added on the way out: to the hosts that
    you allow, and seen by nobody.
  </EmptyState>
)
