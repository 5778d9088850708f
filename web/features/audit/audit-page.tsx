import { keepPreviousData, useInfiniteQuery, useMutation } from "@tanstack/react-query"
import { useNavigate, useSearch } from "@tanstack/react-router"
import { Download, ExternalLink, Filter, Link2, ScrollText, SearchX, UserRound } from "lucide-react"
import { useCallback, useEffect, useMemo } from "react"
import type { AuditRecord } from "#core/contract/audit"
import { AuditId } from "#core/ids"
import { useCan } from "#web/api/me.ts"
import { Button } from "#web/ui/button.tsx"
import { EmptyState } from "#web/ui/empty-state.tsx"
import { ErrorState } from "#web/ui/error-state.tsx"
import type { MenuEntry } from "#web/ui/menu.tsx"
import { PageHeader } from "#web/ui/page-header.tsx"
import { Table } from "#web/ui/table/table.tsx"
import { toast } from "#web/ui/toast.tsx"
import { auditColumns, AuditNarrow, labelOf } from "./audit-columns.tsx"
import { EntryDialog } from "./entry-dialog.tsx"
import { nothing, queryOf, type ListSearch } from "./list-search.ts"
import { auditQuery, exportAddress } from "./queries.ts"
import { Toolbar } from "./toolbar.tsx"
import { WebhookButton } from "./webhook-dialog.tsx"

const crumbs = [{ label: "Audit" }]

/** Who did what, and proof that the log of it is whole. */
export function AuditPage() {
  const search = useSearch({ from: "/shell/inside/audit" })
  const navigate = useNavigate({ from: "/audit" })
  const set = useCallback(
    (change: ListSearch) => void navigate({ search: (before) => ({ ...before, ...change }), replace: true }),
    [navigate],
  )
  const query = queryOf(search)
  const list = useInfiniteQuery({ ...auditQuery(query), placeholderData: keepPreviousData })
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = list
  const rows = useMemo(() => onceEach(list.data?.pages.flatMap((page) => page.entries)), [list.data])
  const onEnd = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage()
  }, [fetchNextPage, isFetchingNextPage])
  // A search that has found nothing yet goes on by itself: there is no end of a list to come near to.
  const isLookingOn = rows?.length === 0 && hasNextPage
  useEffect(() => {
    if (isLookingOn) onEnd()
  }, [isLookingOn, onEnd])
  const { open, rowMenu } = useRowActs(set)
  const entry = AuditId.safeParse(search.entry)
  if (list.error && !rows) {
    return (
      <>
        <PageHeader crumbs={crumbs} />
        <ErrorState error={list.error} onRetry={() => void list.refetch()} className="my-auto" />
      </>
    )
  }
  return (
    <>
      <PageHeader crumbs={crumbs} actions={<Actions />} />
      <Toolbar search={search} set={set} rows={rows} />
      <Table
        label="Audit log"
        rows={isLookingOn ? undefined : rows}
        rowKey={keyOf}
        rowLabel={labelOf}
        columns={auditColumns}
        narrow={narrow}
        onOpen={open}
        rowMenu={rowMenu}
        onEnd={hasNextPage ? onEnd : undefined}
        empty={Object.keys(query).length > 0 ? <NothingFound onClear={() => set(nothing)} /> : <NothingYet />}
      />
      {entry.success && <EntryDialog id={entry.data} onClose={() => set({ entry: undefined })} />}
    </>
  )
}

const keyOf = (row: AuditRecord) => row.id
const narrow = (row: AuditRecord) => <AuditNarrow row={row} />

/** While entries keep coming, the end of one page is the beginning of the next. */
function onceEach(rows: readonly AuditRecord[] | undefined): AuditRecord[] | undefined {
  return rows && [...new Map(rows.map((row) => [row.id, row])).values()]
}

const Actions = () => (
  <>
    <WebhookButton />
    <Export />
  </>
)

/** The whole log as a signed file. */
function Export() {
  const may = useCan("audit.export")
  const start = useMutation({
    mutationFn: exportAddress,
    onSuccess: (address) => {
      const link = document.createElement("a")
      link.href = address
      link.download = ""
      link.click()
    },
    onError: (error) => toast.failed(error),
  })
  if (!may) return null
  return (
    <Button onClick={() => start.mutate()} disabled={start.isPending}>
      <Download aria-hidden className="size-4" />
      Export
    </Button>
  )
}

/** What can be done with a row. */
function useRowActs(set: (change: ListSearch) => void) {
  const open = useCallback((row: AuditRecord) => set({ entry: row.id }), [set])
  const rowMenu = useCallback(
    (row: AuditRecord): MenuEntry[] => {
      const { target, actor, action } = row
      const link = `${location.origin}/audit?entry=${row.id}`
      return [
        { label: "Open the entry", icon: ExternalLink, keys: "enter", onSelect: () => open(row) },
        { label: "Copy link", icon: Link2, onSelect: () => void navigator.clipboard.writeText(link) },
        { label: "Only this action", icon: Filter, onSelect: () => set({ action }) },
        { label: "Only this person", icon: UserRound, onSelect: () => set({ actor }) },
        ...(target === null
          ? []
          : [{ label: "Only this target", icon: Filter, onSelect: () => set({ target }) }]),
      ]
    },
    [open, set],
  )
  return { open, rowMenu }
}

const NothingFound = ({ onClear }: { onClear: () => void }) => (
  <EmptyState
    icon={SearchX}
    title="No entry matches"
    action={<Button onClick={onClear}>Clear search and filters</Button>}
  >
    Search looks at actions, ids and details.
  </EmptyState>
)

const NothingYet = () => (
  <EmptyState icon={ScrollText} title="Nothing is in the log yet">
    Every change, sign-in and key stands here within two seconds, sealed so that nobody can rewrite it unseen.
  </EmptyState>
)
