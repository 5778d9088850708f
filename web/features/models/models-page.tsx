import { useQuery } from "@tanstack/react-query"
import { useNavigate, useSearch } from "@tanstack/react-router"
import { Boxes, Plus } from "lucide-react"
import { lazy, Suspense, useCallback, useMemo } from "react"
import type { Provider } from "#core/contract/llm-providers"
import { useCan } from "#web/api/me.ts"
import { Button } from "#web/ui/button.tsx"
import { EmptyState } from "#web/ui/empty-state.tsx"
import { ErrorState } from "#web/ui/error-state.tsx"
import { PageHeader } from "#web/ui/page-header.tsx"
import { Table } from "#web/ui/table/table.tsx"
import { Tabs } from "#web/ui/tabs.tsx"
import { Aliases } from "./aliases/aliases.tsx"
import { aliasesQuery } from "./aliases/queries.ts"
import { Health } from "./health.tsx"
import { Prices } from "./prices.tsx"
import { ProviderDialog } from "./provider-dialog.tsx"
import { ProviderNarrow, providerColumns } from "./provider-columns.tsx"
import { providersQuery } from "./queries.ts"
import { useRowMenu } from "./use-row-menu.ts"

const AliasDialog = lazy(() => import("./aliases/alias-dialog.tsx"))

type Part = "providers" | "aliases" | "health" | "prices"
const parts: readonly Part[] = ["providers", "aliases", "health", "prices"]

/** Accounts at vendors, names that stand for several models, how they do, and what they cost. */
export function ModelsPage() {
  const { tab = "providers", edit, alias } = useSearch({ from: "/shell/inside/models" })
  const navigate = useNavigate({ from: "/models" })
  const mayEdit = useCan("provider.edit")
  const list = useQuery(providersQuery)
  const rows = list.data?.llm_providers
  const aliases = useQuery(aliasesQuery).data?.model_aliases
  const set = useCallback(
    (change: { edit?: string | undefined; alias?: string | undefined; tab?: Part }, replace = false) =>
      void navigate({ search: (before) => ({ ...before, ...change }), replace }),
    [navigate],
  )
  const onEdit = useCallback((id: string | undefined) => set({ edit: id }), [set])
  const onAlias = useCallback((id: string | undefined) => set({ alias: id }), [set])
  const edited = rows?.find((provider) => provider.id === edit)
  const changed = aliases?.find((one) => one.id === alias)
  return (
    <>
      <PageHeader
        crumbs={[{ label: "Models" }]}
        actions={
          mayEdit &&
          (tab === "providers" || tab === "aliases") && (
            <Button
              tone="primary"
              size="sm"
              onClick={() => (tab === "aliases" ? onAlias("new") : onEdit("new"))}
            >
              <Plus aria-hidden />
              {tab === "aliases" ? "Add alias" : "Add provider"}
            </Button>
          )
        }
      />
      <Tabs
        label="Models"
        value={tab}
        onChange={(next) => set({ tab: parts.find((one) => one === next) ?? "providers" }, true)}
        className="flex-1"
        panelClassName="flex min-h-0 flex-col data-[state=inactive]:hidden"
        tabs={[
          {
            value: "providers",
            label: "Providers",
            panel:
              list.error && !rows ? (
                <ErrorState error={list.error} onRetry={() => void list.refetch()} className="my-auto" />
              ) : (
                <ProviderTable rows={rows} mayEdit={mayEdit} onEdit={onEdit} />
              ),
          },
          { value: "aliases", label: "Aliases", panel: <Aliases mayEdit={mayEdit} onEdit={onAlias} /> },
          { value: "health", label: "Health", panel: <Health /> },
          { value: "prices", label: "Prices", panel: <Prices /> },
        ]}
      />
      {mayEdit && (edit === "new" || edited) && (
        <ProviderDialog key={edit} provider={edited ?? null} onClose={() => onEdit(undefined)} />
      )}
      <Suspense>
        {mayEdit && rows && (alias === "new" || changed) && (
          <AliasDialog
            key={alias}
            alias={changed ?? null}
            providers={rows}
            onClose={() => onAlias(undefined)}
          />
        )}
      </Suspense>
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
