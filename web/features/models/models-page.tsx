import { useQuery } from "@tanstack/react-query"
import { useNavigate, useSearch } from "@tanstack/react-router"
import { Boxes, Pencil, Plus, Power, Star, Trash2 } from "lucide-react"
import { useCallback, useMemo } from "react"
import type { Provider } from "#core/contract/llm-providers"
import { useCan } from "#web/api/me.ts"
import { Button } from "#web/ui/button.tsx"
import { EmptyState } from "#web/ui/empty-state.tsx"
import { ErrorState } from "#web/ui/error-state.tsx"
import type { MenuEntry } from "#web/ui/menu.tsx"
import { PageHeader } from "#web/ui/page-header.tsx"
import { Table } from "#web/ui/table/table.tsx"
import { toast } from "#web/ui/toast.tsx"
import { ProviderDialog } from "./provider-dialog.tsx"
import { ProviderNarrow, providerColumns } from "./provider-columns.tsx"
import { providersQuery, useProviderActs } from "./queries.ts"

export function ModelsPage() {
  const { edit } = useSearch({ from: "/shell/inside/models" })
  const navigate = useNavigate({ from: "/models" })
  const mayEdit = useCan("provider.edit")
  const list = useQuery(providersQuery)
  const { update, remove } = useProviderActs()
  const rows = list.data?.llm_providers
  const columns = useMemo(() => providerColumns(mayEdit), [mayEdit])
  const openEdit = useCallback((id: string | undefined) => void navigate({ search: { edit: id } }), [navigate])
  const { mutate: change } = update
  const { mutate: erase } = remove
  const rowMenu = useCallback(
    (provider: Provider): MenuEntry[] => {
      const failed = { onError: (error: unknown) => toast.failed(error) }
      return [
        { label: "Edit…", icon: Pencil, keys: "enter", onSelect: () => openEdit(provider.id) },
        {
          label: "Make default",
          icon: Star,
          disabled: provider.is_default,
          onSelect: () => change({ id: provider.id, change: { is_default: true, is_active: true } }, failed),
        },
        {
          label: provider.is_active ? "Turn off" : "Turn on",
          icon: Power,
          disabled: provider.is_default,
          onSelect: () => change({ id: provider.id, change: { is_active: !provider.is_active } }, failed),
        },
        "divider",
        {
          label: "Delete",
          icon: Trash2,
          danger: true,
          disabled: provider.is_default,
          ...(provider.is_default ? { note: "is the default" } : {}),
          onSelect: () => erase(provider),
        },
      ]
    },
    [openEdit, change, erase],
  )
  const edited = edit === "new" ? null : rows?.find((provider) => provider.id === edit)
  return (
    <>
      <PageHeader
        crumbs={[{ label: "Models" }]}
        actions={
          mayEdit && (
            <Button tone="primary" size="sm" onClick={() => openEdit("new")}>
              <Plus aria-hidden />
              Add provider
            </Button>
          )
        }
      />
      {list.error && !rows ? (
        <ErrorState error={list.error} onRetry={() => void list.refetch()} className="my-auto" />
      ) : (
        <>
          {rows?.some(isBuiltinDefault) && <BuiltinNote />}
          <Table
            label="Model providers"
            rows={rows}
            rowKey={keyOf}
            rowLabel={nameOf}
            columns={columns}
            narrow={narrow}
            {...(mayEdit && { rowMenu, onOpen: (provider: Provider) => openEdit(provider.id) })}
            empty={
              <EmptyState
                icon={Boxes}
                title="No model providers"
                action={mayEdit && <Button onClick={() => openEdit("new")}>Add provider</Button>}
              >
                A provider is an account at a model vendor, or a server of your own. Flows ask it for text.
              </EmptyState>
            }
          />
        </>
      )}
      {mayEdit && (edit === "new" || edited) && (
        <ProviderDialog key={edit} provider={edited ?? null} onClose={() => openEdit(undefined)} />
      )}
    </>
  )
}

const keyOf = (provider: Provider) => provider.id
const nameOf = (provider: Provider) => provider.name
const narrow = (provider: Provider) => <ProviderNarrow provider={provider} />
const isBuiltinDefault = (provider: Provider) => provider.provider_type === "builtin" && provider.is_default

const BuiltinNote = () => (
  <p className="border-b border-line bg-sunken px-4 py-2 text-muted">
    <strong className="font-medium text-ink">The default is builtin, which is no language model.</strong> It works offline by fixed rules:
    it picks sentences, keywords, labels and fields. Add a provider for real model answers.
  </p>
)
