import { useQuery } from "@tanstack/react-query"
import { useNavigate, useSearch } from "@tanstack/react-router"
import { Boxes, Plus } from "lucide-react"
import { useCallback, useMemo } from "react"
import type { Provider } from "#core/contract/llm-providers"
import { useCan } from "#web/api/me.ts"
import { Button } from "#web/ui/button.tsx"
import { EmptyState } from "#web/ui/empty-state.tsx"
import { ErrorState } from "#web/ui/error-state.tsx"
import { PageHeader } from "#web/ui/page-header.tsx"
import { Table } from "#web/ui/table/table.tsx"
import { ProviderDialog } from "./provider-dialog.tsx"
import { ProviderNarrow, providerColumns } from "./provider-columns.tsx"
import { providersQuery } from "./queries.ts"
import { useRowMenu } from "./use-row-menu.ts"

export function ModelsPage() {
  const { edit } = useSearch({ from: "/shell/inside/models" })
  const navigate = useNavigate({ from: "/models" })
  const mayEdit = useCan("provider.edit")
  const list = useQuery(providersQuery)
  const rows = list.data?.llm_providers
  const onEdit = useCallback((id: string | undefined) => void navigate({ search: { edit: id } }), [navigate])
  const edited = rows?.find((provider) => provider.id === edit)
  return (
    <>
      <PageHeader
        crumbs={[{ label: "Models" }]}
        actions={
          mayEdit && (
            <Button tone="primary" size="sm" onClick={() => onEdit("new")}>
              <Plus aria-hidden />
              Add provider
            </Button>
          )
        }
      />
      {list.error && !rows ? (
        <ErrorState error={list.error} onRetry={() => void list.refetch()} className="my-auto" />
      ) : (
        <ProviderTable rows={rows} mayEdit={mayEdit} onEdit={onEdit} />
      )}
      {mayEdit && (edit === "new" || edited) && (
        <ProviderDialog key={edit} provider={edited ?? null} onClose={() => onEdit(undefined)} />
      )}
    </>
  )
}

type ProviderTableProps = {
  rows: readonly Provider[] | undefined
  mayEdit: boolean
  onEdit: (id: string) => void
}

function ProviderTable({ rows, mayEdit, onEdit }: ProviderTableProps) {
  const columns = useMemo(() => providerColumns(mayEdit), [mayEdit])
  const rowMenu = useRowMenu(onEdit)
  const onOpen = useCallback((provider: Provider) => onEdit(provider.id), [onEdit])
  return (
    <>
      <Note isBuiltin={rows?.some(isBuiltinDefault) ?? true} />
      <Table
        label="Model providers"
        rows={rows}
        rowKey={keyOf}
        rowLabel={nameOf}
        columns={columns}
        narrow={narrow}
        {...(mayEdit && { rowMenu, onOpen })}
        empty={
          <EmptyState
            icon={Boxes}
            title="No model providers"
            action={mayEdit && <Button onClick={() => onEdit("new")}>Add provider</Button>}
          >
            A provider is an account at a model vendor, or a server of your own. Flows ask it for text.
          </EmptyState>
        }
      />
    </>
  )
}

const keyOf = (provider: Provider) => provider.id
const nameOf = (provider: Provider) => provider.name
const narrow = (provider: Provider) => <ProviderNarrow provider={provider} />
const isBuiltinDefault = (provider: Provider) => provider.provider_type === "builtin" && provider.is_default

/** Always there, so that nothing moves when the list has come. */
const Note = ({ isBuiltin }: { isBuiltin: boolean }) => (
  <p className="border-b border-line bg-sunken px-4 py-2 text-muted">
    {isBuiltin ? (
      <>
        <strong className="font-medium text-ink">The default is builtin, which is no language model.</strong>{" "}
        It works offline by fixed rules: it picks sentences, keywords, labels and fields. Add a provider for
        real model answers.
      </>
    ) : (
      <>
        A node that names no provider asks the default one. Builtin, which is no language model, works offline
        by fixed rules and needs no account; the others answer as their vendors do.
      </>
    )}
  </p>
)
