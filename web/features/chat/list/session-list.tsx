import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query"
import { Link, useNavigate, useSearch } from "@tanstack/react-router"
import { useVirtualizer } from "@tanstack/react-virtual"
import { MessagesSquare, SearchX, SquarePen } from "lucide-react"
import { useCallback, useMemo, useRef, type KeyboardEvent } from "react"
import type { ChatHit, ChatSession } from "#core/contract/chat"
import { useCan } from "#web/api/me.ts"
import { buttonLook } from "#web/ui/button-look.ts"
import { Button } from "#web/ui/button.tsx"
import { cn } from "#web/ui/cn.ts"
import { EmptyState } from "#web/ui/empty-state.tsx"
import { ErrorState } from "#web/ui/error-state.tsx"
import { SearchInput } from "#web/ui/input.tsx"
import { isTyping } from "#web/ui/keyboard.ts"
import { Loading, Skeleton } from "#web/ui/skeleton.tsx"
import { EndSensor } from "#web/ui/table/end-sensor.tsx"
import { Tooltip } from "#web/ui/tooltip.tsx"
import { useSettled } from "#web/ui/use-settled.ts"
import { chatListQuery } from "../queries.ts"
import { SessionRow } from "./session-row.tsx"

/** Chats, those in which something was said last on top; the search looks into what was said, too. */
export function SessionList({ current }: { current: string | undefined }) {
  const { q } = useSearch({ from: "/shell/inside/chat" })
  const navigate = useNavigate({ from: "/chat" })
  const mayWrite = useCan("chat.write")
  const search = useSettled(q ?? "").trim()
  const list = useInfiniteQuery({ ...chatListQuery(search), placeholderData: keepPreviousData })
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.sessions), [list.data])
  const hits = useMemo(
    () => new Map(list.data?.pages.flatMap((page) => page.hits.map((hit) => [hit.chat_id, hit] as const))),
    [list.data],
  )
  const setSearch = (value: string) =>
    void navigate({ to: ".", search: (before) => ({ ...before, q: value || undefined }), replace: true })
  return (
    <nav aria-label="Chats" className="flex min-h-0 flex-1 flex-col">
      <div className="flex min-h-11 items-center gap-1.5 border-b border-line px-3 py-1.5">
        <SearchInput
          label="Search chats"
          value={q ?? ""}
          onChange={setSearch}
          className="w-auto min-w-0 flex-1"
        />
        {mayWrite && (
          <Tooltip text="New chat">
            <Link
              to="/chat/new"
              aria-label="New chat"
              className={cn(buttonLook({ tone: "ghost", size: "sm", shape: "icon" }), "max-lg:hidden")}
            >
              <SquarePen aria-hidden />
            </Link>
          </Tooltip>
        )}
      </div>
      {list.error && !rows ? (
        <ErrorState error={list.error} onRetry={() => void list.refetch()} className="my-auto" />
      ) : rows?.length === 0 ? (
        <NoChats search={search} mayWrite={mayWrite} />
      ) : (
        <Rows
          rows={rows}
          hits={hits}
          current={current}
          onEnd={list.hasNextPage && !list.isFetchingNextPage ? () => void list.fetchNextPage() : undefined}
        />
      )}
    </nav>
  )
}

type RowsProps = {
  rows: readonly ChatSession[] | undefined
  hits: ReadonlyMap<string, ChatHit>
  current: string | undefined
  onEnd: (() => void) | undefined
}

/** A guess until a row was measured: two lines, and one more where a search met it. */
const [rowPx, hitRowPx] = [48, 68]

/** Only the rows in view, and a few around them, are made. */
function Rows({ rows, hits, current, onEnd }: RowsProps) {
  const scroller = useRef<HTMLDivElement>(null)
  const end = useCallback(() => onEnd?.(), [onEnd])
  const count = rows?.length ?? 0
  // The hook answers with one object whose answers change; nothing here is memoised by its identity.
  // oxlint-disable-next-line react/incompatible-library
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    getItemKey: (index) => rows?.[index]?.id ?? index,
    estimateSize: () => (hits.size > 0 ? hitRowPx : rowPx),
    overscan: 12,
    paddingStart: 6,
    paddingEnd: 6,
    gap: 1,
  })
  const onKeyDown = useWalk(virtual.scrollToIndex, count)
  if (!rows) return <ListSkeleton />
  return (
    <div ref={scroller} role="presentation" onKeyDown={onKeyDown} className="min-h-0 flex-1 overflow-y-auto">
      <ul style={{ height: virtual.getTotalSize() }} className="relative">
        {virtual.getVirtualItems().map(({ index, key, start }) => (
          <SessionRow
            key={key}
            ref={virtual.measureElement}
            index={index}
            count={count}
            start={start}
            session={rows[index]!}
            hit={hits.get(rows[index]!.id)}
            isCurrent={rows[index]!.id === current}
          />
        ))}
      </ul>
      {onEnd && <EndSensor onEnd={end} scroller={scroller} />}
    </div>
  )
}

/** Up and down, j and k, Home and End: from chat to chat, without opening them. */
function useWalk(reveal: (index: number) => void, count: number) {
  return (event: KeyboardEvent<HTMLElement>): void => {
    if (event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target)) return
    const list = event.currentTarget
    const at = document.activeElement?.closest<HTMLElement>("[data-index]")?.dataset["index"]
    if (at === undefined || !list.contains(document.activeElement)) return
    const to = goes[event.key]?.(Number(at), count - 1)
    if (to === undefined) return
    event.preventDefault()
    const index = Math.max(0, Math.min(count - 1, to))
    reveal(index)
    focusWhenMade(list, index, 10)
  }
}

const goes: Record<string, (at: number, last: number) => number> = {
  ArrowDown: (at) => at + 1,
  j: (at) => at + 1,
  ArrowUp: (at) => at - 1,
  k: (at) => at - 1,
  Home: () => 0,
  End: (_, last) => last,
}

/** A row far away is made only once it was scrolled to. */
function focusWhenMade(list: HTMLElement, index: number, frames: number): void {
  const link = list.querySelector<HTMLElement>(`[data-index="${index}"] a`)
  if (link) link.focus({ preventScroll: true })
  else if (frames > 0) requestAnimationFrame(() => focusWhenMade(list, index, frames - 1))
}

function NoChats({ search, mayWrite }: { search: string; mayWrite: boolean }) {
  if (search) {
    return (
      <EmptyState icon={SearchX} title="No chat matches">
        Search looks for words, and beginnings of words, in titles and in what was said.
      </EmptyState>
    )
  }
  return (
    <EmptyState
      icon={MessagesSquare}
      title="No chats yet"
      action={
        mayWrite && (
          <Button asChild tone="primary">
            <Link to="/chat/new">Begin a chat</Link>
          </Button>
        )
      }
    >
      Chats with agents, crews and flows stand here, the newest on top.
    </EmptyState>
  )
}

const ListSkeleton = () => (
  <Loading what="chats" className="flex flex-col gap-4 p-3">
    {[0, 1, 2, 3, 4, 5].map((n) => (
      <span key={n} className="flex flex-col gap-2">
        <Skeleton className="w-4/5" />
        <Skeleton className="h-2.5 w-1/2" />
      </span>
    ))}
  </Loading>
)
