import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query"
import { Link, useNavigate, useSearch } from "@tanstack/react-router"
import { MessagesSquare, SearchX, SquarePen } from "lucide-react"
import { useCallback, useMemo, useRef, type KeyboardEvent } from "react"
import type { ChatSession } from "#core/contract/chat"
import { useCan } from "#web/api/me.ts"
import { buttonLook } from "#web/ui/button-look.ts"
import { Button } from "#web/ui/button.tsx"
import { cn } from "#web/ui/cn.ts"
import { EmptyState } from "#web/ui/empty-state.tsx"
import { ErrorState } from "#web/ui/error-state.tsx"
import { SearchInput } from "#web/ui/input.tsx"
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
          current={current}
          onEnd={list.hasNextPage && !list.isFetchingNextPage ? () => void list.fetchNextPage() : undefined}
        />
      )}
    </nav>
  )
}

type RowsProps = {
  rows: readonly ChatSession[] | undefined
  current: string | undefined
  onEnd: (() => void) | undefined
}

function Rows({ rows, current, onEnd }: RowsProps) {
  const scroller = useRef<HTMLDivElement>(null)
  const end = useCallback(() => onEnd?.(), [onEnd])
  if (!rows) return <ListSkeleton />
  return (
    <div ref={scroller} role="presentation" onKeyDown={walk} className="min-h-0 flex-1 overflow-y-auto">
      <ul className="flex flex-col gap-px p-1.5">
        {rows.map((session) => (
          <SessionRow key={session.id} session={session} isCurrent={session.id === current} />
        ))}
      </ul>
      {onEnd && <EndSensor onEnd={end} scroller={scroller} />}
    </div>
  )
}

/** Up and down, j and k: from chat to chat, without opening them. */
function walk(event: KeyboardEvent<HTMLElement>): void {
  const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key]
  if (step === undefined || event.metaKey || event.ctrlKey) return
  const links = [...event.currentTarget.querySelectorAll("a")]
  const at = links.findIndex((one) => one === document.activeElement)
  if (at < 0) return
  event.preventDefault()
  links[Math.max(0, Math.min(links.length - 1, at + step))]?.focus()
}

function NoChats({ search, mayWrite }: { search: string; mayWrite: boolean }) {
  if (search) {
    return (
      <EmptyState icon={SearchX} title="No chat matches">
        Search looks at titles and at what was said.
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
