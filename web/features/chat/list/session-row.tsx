import { Link, useNavigate } from "@tanstack/react-router"
import { Ellipsis, Globe, Hourglass, LoaderCircle } from "lucide-react"
import type { ChatHit, ChatSession } from "#core/contract/chat"
import { useActors } from "#web/api/choices.ts"
import { useMe } from "#web/api/me.ts"
import { cn } from "#web/ui/cn.ts"
import { IconButton } from "#web/ui/icon-button.tsx"
import { Menu } from "#web/ui/menu.tsx"
import { RelativeTime } from "#web/ui/relative-time.tsx"
import { partnerKind, partnerLook } from "../start/partner-look.ts"
import { useSessionMenu } from "./use-session-menu.tsx"

type RowProps = {
  session: ChatSession
  /** Where a search met it. */
  hit: ChatHit | undefined
  isCurrent: boolean
  /** Its place among so many, and in pixels from the top. */
  index: number
  count: number
  start: number
  ref: (row: HTMLElement | null) => void
}

/** A chat in two lines: what it is about, and with whom. */
export function SessionRow({ session, hit, isCurrent, index, count, start, ref }: RowProps) {
  const navigate = useNavigate()
  const { entries, dialog } = useSessionMenu(session, {
    onRemoved: () => {
      if (isCurrent) void navigate({ to: "/chat", replace: true })
    },
  })
  const Icon = partnerLook[partnerKind(session)].icon
  return (
    <li
      ref={ref}
      data-index={index}
      aria-posinset={index + 1}
      aria-setsize={count}
      className="group/row absolute inset-x-1.5 top-0"
      style={{ transform: `translateY(${start}px)` }}
    >
      <Link
        to="/chat/$chatId"
        params={{ chatId: session.id }}
        search={({ q }) => ({ q, ...(hit?.message_id ? { message: hit.message_id } : {}) })}
        aria-current={isCurrent ? "page" : undefined}
        className={cn(
          "focus-ring-inset block rounded-md px-2.5 py-1.5 hover:bg-hover pointer-coarse:py-2.5",
          isCurrent && "bg-accent-soft hover:bg-accent-soft",
        )}
      >
        <span className="flex items-center gap-1.5">
          <span
            className={cn("min-w-0 flex-1 truncate", isCurrent ? "font-medium" : "")}
            title={session.title}
          >
            {session.title}
          </span>
          <State session={session} />
        </span>
        <span className="flex items-center gap-1.5 pr-5 text-sm text-muted">
          <Icon aria-hidden className="size-3.5" />
          <span className="min-w-0 flex-1 truncate" title={session.partner}>
            {session.partner}
            <By session={session} />
          </span>
          <RelativeTime
            at={session.updated_at}
            className="shrink-0 group-focus-within/row:opacity-0 group-hover/row:opacity-0 pointer-coarse:opacity-100"
          />
        </span>
        {hit?.message_id && <Excerpt pieces={hit.excerpt} />}
      </Link>
      {entries.length > 0 && (
        <Menu entries={entries} align="end">
          <IconButton
            label={`More about “${session.title}”`}
            tooltip={false}
            size="xs"
            className="absolute right-1.5 bottom-1 opacity-0 group-focus-within/row:opacity-100 group-hover/row:opacity-100 data-[state=open]:opacity-100 pointer-coarse:size-7 pointer-coarse:opacity-100"
          >
            <Ellipsis />
          </IconButton>
        </Menu>
      )}
      {dialog}
    </li>
  )
}

/** What was said there, with what was looked for. */
const Excerpt = ({ pieces }: { pieces: ChatHit["excerpt"] }) => (
  <span className="block truncate pr-5 text-sm text-muted">
    {pieces.map(({ text, is_match }, i) =>
      is_match ? (
        // A piece is told by its place: an excerpt never changes but as a whole.
        // oxlint-disable-next-line react/no-array-index-key
        <mark key={i} className="rounded-xs bg-accent-soft font-medium text-ink">
          {text}
        </mark>
      ) : (
        text
      ),
    )}
  </span>
)

/** Whose it is, where it is not one's own: a visitor's came by a key. */
function By({ session }: { session: ChatSession }) {
  const { user } = useMe()
  const { say } = useActors()
  return session.created_by === user.id ? null : ` · ${say(session.created_by)}`
}

function State({ session: { status, share_url: shared } }: { session: ChatSession }) {
  if (status === "busy")
    return <LoaderCircle aria-label="Answering" className="size-3.5 animate-spin text-running" />
  if (status === "waiting")
    return <Hourglass aria-label="Waits for a person" className="size-3.5 text-waiting" />
  return shared === null ? null : <Globe aria-label="Shared" className="size-3.5 text-muted" />
}
