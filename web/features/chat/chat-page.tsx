import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router"
import { Ellipsis, ListTree, MessagesSquare } from "lucide-react"
import type { BusyPolicy, ChatSession } from "#core/contract/chat"
import { Failure } from "#core/errors"
import type { ChatId } from "#core/ids"
import { formatMicros } from "#core/money"
import { Button } from "#web/ui/button.tsx"
import { Dialog } from "#web/ui/dialog.tsx"
import { EmptyState } from "#web/ui/empty-state.tsx"
import { ErrorState } from "#web/ui/error-state.tsx"
import { IconButton } from "#web/ui/icon-button.tsx"
import { Menu, type MenuEntry } from "#web/ui/menu.tsx"
import { PageHeader } from "#web/ui/page-header.tsx"
import { Loading, Skeleton } from "#web/ui/skeleton.tsx"
import { toast } from "#web/ui/toast.tsx"
import { useMedia } from "#web/ui/use-media.ts"
import { Composer } from "./composer/composer.tsx"
import { useSessionMenu } from "./list/use-session-menu.tsx"
import { useSessionActs } from "./queries.ts"
import { Thread } from "./thread/thread.tsx"
import { ThreadProvider, useThread } from "./thread/use-thread.ts"
import { TracePanel } from "./trace/trace-panel.tsx"
import { ChatProvider, useLive, useLiveChat, useThisChat } from "./use-chat.ts"

export function ChatPage() {
  const { chatId } = useParams({ from: "/shell/inside/chat/$chatId" })
  return <OneChat key={chatId} id={chatId} />
}

function OneChat({ id }: { id: ChatId }) {
  const live = useLiveChat(id)
  const session = useLive(live, (one) => one.session)
  const isBegun = useLive(live, (one) => one.isBegun)
  const failed = useLive(live, (one) => (one.link === "failed" ? one.error : undefined))
  if (failed !== undefined) return <NotOpened error={failed} onRetry={() => live.open()} />
  if (session) {
    return (
      <ChatProvider value={live}>
        <Conversation session={session} id={id} isBegun={isBegun} />
      </ChatProvider>
    )
  }
  return (
    <>
      <PageHeader crumbs={[{ label: "Chat", to: "/chat" }, { label: "…" }]} />
      <MessagesSkeleton />
    </>
  )
}

type ConversationProps = {
  session: ChatSession
  id: ChatId
  /** Its messages are here. */
  isBegun: boolean
}

function Conversation({ session, id, isBegun }: ConversationProps) {
  const thread = useThread(id)
  const { trace } = useSearch({ from: "/shell/inside/chat" })
  const roomy = useMedia("(width >= 80rem)")
  const navigate = useNavigate({ from: "/chat/$chatId" })
  const setTrace = (next: string | undefined) =>
    void navigate({ search: (before) => ({ ...before, trace: next }), replace: true, resetScroll: false })
  const panel = trace !== undefined && (
    <TracePanel
      messageId={trace === "last" ? thread.lastAnswer : trace}
      onClose={() => setTrace(undefined)}
      bare={!roomy}
    />
  )
  return (
    <ThreadProvider value={thread}>
      <Header
        session={session}
        isTraced={trace !== undefined}
        onTrace={() => setTrace(trace === undefined ? "last" : undefined)}
      />
      <div className="flex min-h-0 flex-1">
        <div className="flex min-w-0 flex-1 flex-col">
          <Connection />
          {isBegun ? <Thread session={session} /> : <MessagesSkeleton />}
          <Composer session={session} />
        </div>
        {roomy && panel && (
          <aside
            aria-label="How this answer came about"
            className="flex w-96 shrink-0 flex-col border-l border-line"
          >
            {panel}
          </aside>
        )}
      </div>
      {!roomy && panel && (
        <Dialog
          open
          onOpenChange={(open) => !open && setTrace(undefined)}
          title="How this answer came about"
          size="lg"
          className="px-0"
        >
          {panel}
        </Dialog>
      )}
    </ThreadProvider>
  )
}

type HeaderProps = { session: ChatSession; isTraced: boolean; onTrace: () => void }

function Header({ session, isTraced, onTrace }: HeaderProps) {
  const live = useThisChat()
  const navigate = useNavigate()
  const { entries, dialog } = useSessionMenu(session, {
    onRemoved: () => void navigate({ to: "/chat", replace: true }),
    onChanged: (changed) => live.put({ session: changed }),
  })
  const settings = useBusyEntries(session)
  return (
    <>
      <PageHeader
        crumbs={[{ label: "Chat", to: "/chat" }, { label: session.title }]}
        actions={
          <>
            {session.cost_micros > 0 && (
              <span className="tabular text-sm text-muted max-md:hidden" title="What this chat has cost">
                {formatMicros(session.cost_micros)}
              </span>
            )}
            <IconButton label="Trace" size="sm" aria-pressed={isTraced} onClick={onTrace}>
              <ListTree className={isTraced ? "text-accent-ink" : undefined} />
            </IconButton>
            {entries.length > 0 && (
              <Menu entries={[...settings, "divider", ...entries]} align="end">
                <IconButton label="More about this chat" tooltip={false} size="sm">
                  <Ellipsis />
                </IconButton>
              </Menu>
            )}
          </>
        }
      />
      {dialog}
    </>
  )
}

const policies: readonly { busy: BusyPolicy; label: string }[] = [
  { busy: "queue", label: "Answer messages one by one" },
  { busy: "interrupt", label: "Interrupt the answer" },
  { busy: "refuse", label: "Refuse messages meanwhile" },
]

/** What becomes of a message that comes while an answer is under way. */
function useBusyEntries(session: ChatSession): MenuEntry[] {
  const live = useThisChat()
  const { set } = useSessionActs()
  return [
    { heading: "While an answer is under way" },
    ...policies.map(({ busy, label }) => ({
      label,
      checked: session.settings.busy === busy,
      onSelect: () =>
        set.mutate(
          { session, settings: { busy } },
          {
            onSuccess: (reply) => live.put(reply),
            onError: (error) => toast.failed(error, "The setting was not changed"),
          },
        ),
    })),
  ]
}

/** Said only when the line is cut: what one sees may be behind. */
function Connection() {
  const link = useLive(useThisChat(), (one) => one.link)
  if (link !== "reconnecting") return null
  return (
    <p role="status" className="bg-waiting-soft px-4 py-1 text-center text-sm text-waiting">
      The connection was lost. Trying again; nothing will be missing.
    </p>
  )
}

function NotOpened({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const isGone = error instanceof Failure && (error.status === 404 || error.code === "request.invalid")
  return (
    <>
      <PageHeader crumbs={[{ label: "Chat", to: "/chat" }, { label: "Not found" }]} />
      {isGone ? (
        <EmptyState
          icon={MessagesSquare}
          title="There is no such chat"
          className="my-auto"
          action={
            <Button asChild>
              <Link to="/chat">Go to chats</Link>
            </Button>
          }
        >
          The address may be mistyped, or the chat was deleted.
        </EmptyState>
      ) : (
        <ErrorState error={error} onRetry={onRetry} className="my-auto" />
      )}
    </>
  )
}

const MessagesSkeleton = () => (
  <Loading what="the chat" className="mx-auto flex w-full max-w-3xl flex-1 flex-col gap-6 px-6 py-8">
    <Skeleton className="h-8 w-2/5 self-end" />
    <Skeleton className="w-4/5" />
    <Skeleton className="w-3/5" />
  </Loading>
)
