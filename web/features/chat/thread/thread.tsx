import { useSearch } from "@tanstack/react-router"
import { useVirtualizer } from "@tanstack/react-virtual"
import { ArrowDown } from "lucide-react"
import { useEffect, useLayoutEffect, useRef } from "react"
import type { ChatSession } from "#core/contract/chat"
import { MessageId } from "#core/ids"
import { Button } from "#web/ui/button.tsx"
import { cn } from "#web/ui/cn.ts"
import { ErrorNote } from "#web/ui/error-note.tsx"
import { toast } from "#web/ui/toast.tsx"
import { useLive, useThisChat } from "../use-chat.ts"
import { Beginning } from "./beginning.tsx"
import { MessageView } from "./message-view.tsx"
import { SentBubble } from "./sent-bubble.tsx"
import { useThisThread } from "./use-thread.ts"

/** A guess until a row was measured. */
const rowPx = 120
/** Earlier and later messages are asked for this many rows before the first or last one comes into view. */
const ahead = 4
/** A reader this near to the end is at the end, and stays there while an answer grows. */
const nearPx = 48

/** What was said on the branch that is shown; only what is in view, and a little around it, is made. */
export function Thread({ session }: { session: ChatSession }) {
  const live = useThisChat()
  const { branch, sending } = useThisThread()
  const scroller = useRef<HTMLDivElement>(null)
  const count = branch.length + sending.length
  const hasNewer = useLive(live, (one) => one.hasNewer)
  // The hook answers with one object whose answers change; nothing here is memoised by its identity.
  // oxlint-disable-next-line react/incompatible-library
  const rows = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    getItemKey: (index) => branch[index]?.id ?? sending[index - branch.length]?.key ?? index,
    estimateSize: () => rowPx,
    overscan: 6,
    anchorTo: "end",
    // Where the end is elsewhere, what comes next is further reading and no news.
    followOnAppend: !hasNewer,
    scrollEndThreshold: nearPx,
    paddingStart: 16,
    paddingEnd: 16,
  })
  const isBegun = useRef(false)
  useLayoutEffect(() => {
    if (isBegun.current || count === 0) return
    isBegun.current = true
    rows.scrollToEnd()
  }, [rows, count])
  useLinkedMessage(rows.scrollToIndex)
  useReturns(rows.scrollToEnd)
  // One's own message is what one wants to see, wherever one was reading.
  const wrote = sending.length
  useEffect(() => {
    if (wrote > 0) rows.scrollToEnd()
  }, [rows, wrote])

  const items = rows.getVirtualItems()
  useReading(items[0]?.index ?? ahead, count - 1 - (items.at(-1)?.index ?? 0))
  if (count === 0) return <Beginning session={session} />
  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      <div
        ref={scroller}
        role="log"
        aria-label="Messages"
        // A region that scrolls must be reachable by keyboard (WCAG 2.1.1).
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        className="focus-ring-inset min-h-0 flex-1 overflow-y-auto [overflow-anchor:none]"
      >
        <Older />
        <div style={{ height: rows.getTotalSize() }} className="relative">
          {items.map(({ index, key, start }) => (
            <div
              key={key}
              ref={rows.measureElement}
              data-index={index}
              className="absolute inset-x-0 top-0"
              style={{ transform: `translateY(${start}px)` }}
            >
              <div className="mx-auto max-w-3xl px-6 py-2 max-md:px-4">
                {index < branch.length ? (
                  <MessageView place={branch[index]!} isLast={index === count - 1} />
                ) : (
                  <SentBubble content={sending[index - branch.length]!.content} />
                )}
              </div>
            </div>
          ))}
        </div>
        <Newer />
      </div>
      <ToEnd
        isShown={hasNewer || !rows.isAtEnd(nearPx * 4)}
        onPress={() => (hasNewer ? live.goToEnd() : rows.scrollToEnd({ behavior: "smooth" }))}
      />
    </div>
  )
}

/** Asks for what stands before and after, a little ahead of whoever scrolls there: `above` and `below` messages that are not in view. */
function useReading(above: number, below: number): void {
  const live = useThisChat()
  const { branch } = useThisThread()
  const hasMore = useLive(live, (one) => one.hasMore)
  const hasNewer = useLive(live, (one) => one.hasNewer)
  const [isNearStart, isNearEnd] = [above < ahead, below < ahead]
  useEffect(() => {
    // Asked anew with each page that came: it may have held little of this branch.
    if (branch.length > 0 && isNearStart && hasMore && live.older === "idle") void live.readOlder()
  }, [live, isNearStart, hasMore, branch])
  useEffect(() => {
    if (branch.length > 0 && isNearEnd && hasNewer && live.newer === "idle") void live.readNewer()
  }, [live, isNearEnd, hasNewer, branch])
}

/** Whoever goes back to the end is shown it. */
function useReturns(scrollToEnd: () => void): void {
  const returns = useLive(useThisChat(), (one) => one.returns)
  useLayoutEffect(() => {
    if (returns > 0) scrollToEnd()
  }, [scrollToEnd, returns])
}

/** A link leads to one message: the branch that it stands on is shown, and the place where it stands. */
function useLinkedMessage(scrollTo: (index: number, options: { align: "center" }) => void): void {
  const live = useThisChat()
  const { message } = useSearch({ from: "/shell/inside/chat" })
  const { branch, reveal } = useThisThread()
  const shown = useRef<string>(undefined)
  const isShown = useLive(live, (one) => one.said.some(({ id }) => id === message))
  const asked = useRef<string>(undefined)
  useEffect(() => {
    if (message === undefined) shown.current = asked.current = undefined
    if (message === undefined || shown.current === message) return
    if (!isShown) {
      if (asked.current === message) return
      asked.current = message
      const id = MessageId.safeParse(message)
      const gone = (error: unknown) => toast.failed(error, "The message was not found")
      if (id.success) live.goTo(id.data).catch(gone)
      return
    }
    const index = branch.findIndex(({ id }) => id === message)
    if (index < 0) reveal(message)
    else {
      shown.current = message
      scrollTo(index, { align: "center" })
    }
  }, [message, isShown, branch, reveal, live, scrollTo])
}

/** What stands above the first message while there are earlier ones. */
function Older() {
  const live = useThisChat()
  const older = useLive(live, (one) => one.older)
  const hasMore = useLive(live, (one) => one.hasMore)
  if (!hasMore) return null
  if (typeof older === "object") return <NotRead error={older.error} onRetry={() => void live.readOlder()} />
  return (
    <p role="status" className="pt-4 text-center text-sm text-muted">
      Reading earlier messages…
    </p>
  )
}

/** What stands below the last message while there are later ones. */
function Newer() {
  const live = useThisChat()
  const newer = useLive(live, (one) => one.newer)
  const hasNewer = useLive(live, (one) => one.hasNewer)
  if (!hasNewer) return null
  if (typeof newer === "object") return <NotRead error={newer.error} onRetry={() => void live.readNewer()} />
  return (
    <p role="status" className="pb-4 text-center text-sm text-muted">
      Reading later messages…
    </p>
  )
}

const NotRead = ({ error, onRetry }: { error: unknown; onRetry: () => void }) => (
  <div className="mx-auto flex max-w-3xl items-center gap-2 px-6 py-4">
    <ErrorNote error={error} className="flex-1" />
    <Button onClick={onRetry}>Try again</Button>
  </div>
)

const ToEnd = ({ isShown, onPress }: { isShown: boolean; onPress: () => void }) => (
  <Button
    size="sm"
    onClick={onPress}
    tabIndex={isShown ? 0 : -1}
    aria-hidden={!isShown}
    className={cn(
      "absolute bottom-3 left-1/2 -translate-x-1/2 rounded-full bg-raised shadow-float transition-opacity duration-[120ms]",
      !isShown && "pointer-events-none opacity-0",
    )}
  >
    <ArrowDown aria-hidden />
    Latest
  </Button>
)
