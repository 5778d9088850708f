import { CircleCheck, CircleSlash, Hourglass, Inbox, MessageCircleQuestion, SearchX } from "lucide-react"
import type { Approval, ApprovalStatus } from "#core/contract/approvals"
import { Countdown } from "#web/flow/countdown.tsx"
import { StatusBadge, type Tone } from "#web/ui/badge.tsx"
import { Button } from "#web/ui/button.tsx"
import { cn } from "#web/ui/cn.ts"
import { EmptyState } from "#web/ui/empty-state.tsx"
import { RelativeTime } from "#web/ui/relative-time.tsx"
import type { Column } from "#web/ui/table/model.ts"
import { Table } from "#web/ui/table/table.tsx"
import { useNow } from "#web/ui/use-now.ts"
import { isDueSoon, sayButton, type InboxSearch } from "./model.ts"

const look: Record<ApprovalStatus, { tone: Tone; icon: typeof Inbox; label: string }> = {
  open: { tone: "waiting", icon: MessageCircleQuestion, label: "Open" },
  answered: { tone: "succeeded", icon: CircleCheck, label: "Answered" },
  timed_out: { tone: "waiting", icon: Hourglass, label: "Timed out" },
  withdrawn: { tone: "cancelled", icon: CircleSlash, label: "Withdrawn" },
}

type InboxListProps = {
  rows: readonly Approval[] | undefined
  total: number | undefined
  search: InboxSearch
  /** The question that stands beside the list; absent where only one of the two has room. */
  current?: string | null
  onOpen: (approval: Approval) => void
  onEnd: (() => void) | undefined
  onView: (change: Partial<InboxSearch>) => void
}

/** What is asked, one question a row of two lines. */
export function InboxList({ rows, total, search, current, onOpen, onEnd, onView }: InboxListProps) {
  return (
    <Table
      label="Approvals"
      rows={rows}
      rowKey={keyOf}
      rowLabel={titleOf}
      columns={columns}
      narrow={narrow}
      onOpen={onOpen}
      total={total}
      onEnd={onEnd}
      {...(current === undefined ? {} : { current })}
      empty={<Nothing search={search} onView={onView} />}
    />
  )
}

const keyOf = (approval: Approval) => approval.id
const titleOf = (approval: Approval) => approval.title
const narrow = (approval: Approval) => <InboxRow approval={approval} />

const columns: readonly Column<Approval>[] = [
  {
    id: "status",
    header: "Status",
    width: "minmax(7rem, 0.7fr)",
    cell: (approval) => <Status approval={approval} />,
  },
  {
    id: "title",
    header: "Question",
    width: "minmax(12rem, 2fr)",
    cell: ({ title }) => (
      <span className="truncate font-medium" title={title}>
        {title}
      </span>
    ),
  },
  {
    id: "flow",
    header: "Flow",
    width: "minmax(8rem, 1fr)",
    cell: ({ flow_name: name }) => (
      <span className="truncate text-muted" title={name}>
        {name}
      </span>
    ),
  },
  {
    id: "asked",
    header: "Asked",
    width: "6rem",
    cell: ({ requested_at: at }) => <RelativeTime at={at} className="text-muted" />,
  },
  {
    id: "due",
    header: "Time left",
    width: "7rem",
    cell: (approval) => (approval.status === "open" ? <Due due={approval.due} /> : null),
  },
]

function Status({ approval }: { approval: Approval }) {
  const { tone, icon, label } = look[approval.status]
  return (
    <StatusBadge tone={tone} icon={icon}>
      {approval.status === "answered" ? sayButton(approval) : label}
    </StatusBadge>
  )
}

/** Loud in the last hour; colour is not alone, the time itself is the news. */
function Due({ due, left = false }: { due: string | null; left?: boolean }) {
  const now = useNow(due === null ? null : 1_000)
  if (due === null) return null
  return (
    <span className={cn(isDueSoon(due, now) && "font-medium text-failed")}>
      <Countdown due={due} over="due now" />
      {left && Date.parse(due) > now && " left"}
    </span>
  )
}

/** Two lines: the question over whose it is, with what presses at the right. */
const InboxRow = ({ approval }: { approval: Approval }) => (
  <>
    <span className="flex items-baseline gap-3">
      <span className="min-w-0 flex-1 truncate font-medium max-lg:text-md">{approval.title}</span>
      <span className="shrink-0 text-sm text-muted">
        {approval.status === "open" && approval.due !== null ? (
          <Due due={approval.due} left />
        ) : (
          <RelativeTime at={approval.answered_at ?? approval.requested_at} />
        )}
      </span>
    </span>
    <span className="flex items-center gap-3 text-sm text-muted">
      <span className="min-w-0 flex-1 truncate">{approval.flow_name}</span>
      {approval.status !== "open" && (
        <span className="max-w-[45%] min-w-0 shrink-0">
          <Status approval={approval} />
        </span>
      )}
    </span>
  </>
)

function Nothing({ search, onView }: { search: InboxSearch; onView: InboxListProps["onView"] }) {
  if (search.flow_id) {
    return (
      <EmptyState
        icon={SearchX}
        title="Nothing here from this flow"
        action={<Button onClick={() => onView({ flow_id: undefined })}>Show all flows</Button>}
      />
    )
  }
  if (search.view === "ended") {
    return (
      <EmptyState icon={Inbox} title="Nothing to look back at">
        Questions that were answered, timed out or were withdrawn stand here with who decided what.
      </EmptyState>
    )
  }
  if (search.view === "open") {
    return (
      <EmptyState icon={Inbox} title="No execution waits for anybody">
        An approval node asks a person and waits: each of its buttons is a route that the flow goes on with.
      </EmptyState>
    )
  }
  return (
    <EmptyState
      icon={Inbox}
      title="Nothing waits for you"
      action={<Button onClick={() => onView({ view: "open" })}>See what others are asked</Button>}
    >
      When an approval node of a flow asks you, the question comes here, what is due first on top.
    </EmptyState>
  )
}
