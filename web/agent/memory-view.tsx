import { infiniteQueryOptions, keepPreviousData, useInfiniteQuery, useMutation } from "@tanstack/react-query"
import { useQueryClient } from "@tanstack/react-query"
import { Brain, SearchX, Trash2 } from "lucide-react"
import { useCallback, useMemo, useState } from "react"
import type { Memory } from "#core/contract/agents"
import type { PageInfo } from "#core/contract/endpoint"
import { AlertDialog } from "#web/ui/alert-dialog.tsx"
import { Button } from "#web/ui/button.tsx"
import { EmptyState } from "#web/ui/empty-state.tsx"
import { ErrorState } from "#web/ui/error-state.tsx"
import { IconButton } from "#web/ui/icon-button.tsx"
import { SearchInput } from "#web/ui/input.tsx"
import type { MenuEntry } from "#web/ui/menu.tsx"
import { RelativeTime } from "#web/ui/relative-time.tsx"
import type { Column } from "#web/ui/table/model.ts"
import { Table } from "#web/ui/table/table.tsx"
import { toast } from "#web/ui/toast.tsx"
import { useSettled } from "#web/ui/use-settled.ts"

type Query = { page: number; limit: number; search?: string }
type Page = { memories: Memory[]; total: number; page_info: PageInfo }

/** Whose memories they are, and how they go. */
export type MemorySource = {
  key: readonly unknown[]
  list: (query: Query, signal: AbortSignal) => Promise<Page>
  forget: (id: string) => Promise<void>
  forgetAll: () => Promise<void>
}

type MemoryViewProps = {
  source: MemorySource
  /** Who remembers, in a sentence. */
  name: string
  /** Whether it is told to remember at all. */
  isOn: boolean
  mayEdit: boolean
}

const pageSize = 100

/** What an agent or a crew has kept from its executions, to look through and to erase. */
export function MemoryView({ source, name, isOn, mayEdit }: MemoryViewProps) {
  const [words, setWords] = useState("")
  const [isAsked, setAsked] = useState(false)
  const search = useSettled(words.trim())
  const list = useMemories(source, search)
  const { forget, forgetAll } = useForget(source)
  const columns = useMemo(() => memoryColumns(mayEdit ? forget : null), [mayEdit, forget])
  const rowMenu = useCallback(
    (memory: Memory): MenuEntry[] => [
      { label: "Forget", icon: Trash2, danger: true, onSelect: () => forget(memory) },
    ],
    [forget],
  )
  if (list.error && !list.rows) return <ErrorState error={list.error} onRetry={list.refetch} />
  const { rows, total } = list
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      {(rows === undefined || rows.length > 0 || search !== "") && (
        <div className="flex min-h-11 flex-wrap items-center gap-2 border-b border-line px-3 py-1.5">
          <SearchInput
            label="Search memories"
            value={words}
            onChange={setWords}
            className="max-md:w-auto max-md:flex-1"
          />
          {total !== undefined && (
            <p role="status" className="tabular text-sm text-muted max-md:sr-only">
              {total.toLocaleString("en")} {total === 1 ? "memory" : "memories"}
            </p>
          )}
          {mayEdit && (
            <Button size="sm" className="ml-auto" onClick={() => setAsked(true)}>
              Forget everything…
            </Button>
          )}
        </div>
      )}
      <Table
        label="Memories"
        rows={rows}
        rowKey={keyOf}
        rowLabel={textOf}
        columns={columns}
        narrow={narrow}
        {...(mayEdit ? { rowMenu } : {})}
        onEnd={list.onEnd}
        total={total}
        empty={search === "" ? <Nothing isOn={isOn} /> : <NoMatch />}
      />
      <AlertDialog
        open={isAsked}
        onOpenChange={setAsked}
        title={`Let ${name} forget everything?`}
        description={`${(total ?? 0).toLocaleString("en")} memories are erased. This cannot be undone.`}
        act="Forget everything"
        typeName={name}
        onAct={forgetAll}
      />
    </div>
  )
}

function useMemories(source: MemorySource, search: string) {
  const list = useInfiniteQuery({
    ...infiniteQueryOptions({
      queryKey: [...source.key, "memories", search],
      queryFn: ({ pageParam, signal }) =>
        source.list({ page: pageParam, limit: pageSize, ...(search ? { search } : {}) }, signal),
      initialPageParam: 1,
      getNextPageParam: ({ page_info: info }) => (info.has_next ? info.page + 1 : undefined),
    }),
    placeholderData: keepPreviousData,
  })
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = list
  const more = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage()
  }, [fetchNextPage, isFetchingNextPage])
  return {
    rows: useMemo(() => list.data?.pages.flatMap((page) => page.memories), [list.data]),
    total: list.data?.pages[0]?.total,
    error: list.error,
    refetch: () => void list.refetch(),
    onEnd: hasNextPage ? more : undefined,
  }
}

function useForget(source: MemorySource) {
  const queries = useQueryClient()
  const settle = useCallback(
    () => queries.invalidateQueries({ queryKey: [...source.key, "memories"] }),
    [queries, source.key],
  )
  const { mutate } = useMutation({
    mutationFn: ({ id }: Memory) => source.forget(id),
    onError: (error) => toast.failed(error),
    onSettled: settle,
  })
  const forget = useCallback((memory: Memory) => mutate(memory), [mutate])
  const forgetAll = async () => {
    await source.forgetAll()
    await settle()
  }
  return { forget, forgetAll }
}

const keyOf = (memory: Memory) => memory.id
const textOf = (memory: Memory) => memory.text
const narrow = (memory: Memory) => (
  <>
    <span className="line-clamp-3 break-words">{memory.text}</span>
    <RelativeTime at={memory.created_at} className="text-sm text-muted" />
  </>
)

const memoryColumns = (forget: ((memory: Memory) => void) | null): readonly Column<Memory>[] => [
  {
    id: "text",
    header: "What it remembers",
    width: "minmax(0, 1fr)",
    cell: (memory) => (
      <span className="truncate" title={memory.text}>
        {memory.text}
      </span>
    ),
  },
  {
    id: "used",
    header: "Last used",
    width: "6.5rem",
    room: "wide",
    cell: (memory) =>
      memory.used_at ? (
        <RelativeTime at={memory.used_at} className="truncate text-muted" />
      ) : (
        <span className="text-muted">Not yet</span>
      ),
  },
  {
    id: "created",
    header: "Learned",
    width: "6.5rem",
    align: "end",
    cell: (memory) => <RelativeTime at={memory.created_at} className="truncate text-muted" />,
  },
  ...(forget
    ? [
        {
          id: "forget",
          header: <span className="sr-only">Forget</span>,
          width: "1.75rem",
          align: "end" as const,
          cell: (memory: Memory) => (
            <IconButton label="Forget this" size="xs" onClick={() => forget(memory)}>
              <Trash2 />
            </IconButton>
          ),
        },
      ]
    : []),
]

const Nothing = ({ isOn }: { isOn: boolean }) => (
  <EmptyState icon={Brain} title={isOn ? "Nothing remembered yet" : "Memory is off"}>
    {isOn
      ? "What it keeps with the tool “remember” in one execution, it is told in the next where it fits."
      : "Turn memory on under Setup, and what it learns in one execution it knows in the next."}
  </EmptyState>
)

const NoMatch = () => (
  <EmptyState icon={SearchX} title="No memory matches">
    The best fitting ones come first, by their words and how recent they are.
  </EmptyState>
)
