import { Link } from "@tanstack/react-router"
import {
  CircleCheck,
  CircleDashed,
  CircleDot,
  UserRoundCheck,
  UserRoundSearch,
  UserRoundX,
  type LucideIcon,
} from "lucide-react"
import type { FlowSummary } from "#core/contract/flows"
import { ExecutionStatusMark } from "#web/flow/status.tsx"
import { StatusBadge, type Tone } from "#web/ui/badge.tsx"
import { RelativeTime } from "#web/ui/relative-time.tsx"
import type { Column } from "#web/ui/table/model.ts"

/** What others say of the draft, where that is what one looks for. */
const reviewMarks: Partial<Record<FlowSummary["review"], { tone: Tone; icon: LucideIcon; words: string }>> = {
  open: { tone: "waiting", icon: UserRoundSearch, words: "Waits for review" },
  approved: { tone: "succeeded", icon: UserRoundCheck, words: "Approved" },
  refused: { tone: "failed", icon: UserRoundX, words: "Refused" },
}

/** Whether a flow is a draft, published, or published and changed since. */
function PublishMark({ flow }: { flow: FlowSummary }) {
  const reviewed = reviewMarks[flow.review]
  if (reviewed) {
    return (
      <StatusBadge tone={reviewed.tone} icon={reviewed.icon}>
        {reviewed.words}
      </StatusBadge>
    )
  }
  if (flow.published_version === null) {
    return (
      <StatusBadge tone="neutral" icon={CircleDashed}>
        Draft
      </StatusBadge>
    )
  }
  if (flow.has_unpublished_changes) {
    return (
      <StatusBadge tone="waiting" icon={CircleDot}>
        v{flow.published_version}, changed
      </StatusBadge>
    )
  }
  return (
    <StatusBadge tone="succeeded" icon={CircleCheck}>
      v{flow.published_version} published
    </StatusBadge>
  )
}

const LastExecution = ({ last }: { last: NonNullable<FlowSummary["last_execution"]> }) => (
  <Link
    to="/executions/$executionId"
    params={{ executionId: last.id }}
    tabIndex={-1}
    className="focus-ring flex min-w-0 items-center gap-2 rounded-sm hover:underline"
  >
    <ExecutionStatusMark status={last.status} />
    <RelativeTime at={last.created_at} className="truncate text-muted" />
  </Link>
)

export const flowColumns: readonly Column<FlowSummary>[] = [
  { id: "status", header: "Status", width: "9.5rem", cell: (flow) => <PublishMark flow={flow} /> },
  {
    id: "name",
    header: "Name",
    width: "minmax(0, 1fr)",
    sort: "name",
    cell: (flow) => (
      <span className="flex min-w-0 items-baseline gap-3">
        <Link
          to="/flows/$flowId"
          params={{ flowId: flow.id }}
          tabIndex={-1}
          title={flow.name}
          className="focus-ring min-w-0 shrink-[0.35] truncate rounded-sm font-medium"
        >
          {flow.name}
        </Link>
        <span className="min-w-0 flex-1 truncate text-muted">{flow.description}</span>
      </span>
    ),
  },
  {
    id: "nodes",
    header: "Nodes",
    width: "3.5rem",
    align: "end",
    room: "wide",
    cell: (flow) => <span className="tabular text-muted">{flow.node_count.toLocaleString("en")}</span>,
  },
  {
    id: "last",
    header: "Last execution",
    width: "12.5rem",
    cell: (flow) =>
      flow.last_execution ? (
        <LastExecution last={flow.last_execution} />
      ) : (
        <span className="text-muted">None yet</span>
      ),
  },
  {
    id: "updated",
    header: "Updated",
    width: "6.5rem",
    sort: "updated_at",
    first: "desc",
    align: "end",
    cell: (flow) => <RelativeTime at={flow.updated_at} className="truncate text-muted" />,
  },
]

/** Two lines for a phone. */
export const FlowNarrow = ({ flow }: { flow: FlowSummary }) => (
  <>
    <Link
      to="/flows/$flowId"
      params={{ flowId: flow.id }}
      tabIndex={-1}
      className="block truncate text-md font-medium"
    >
      {flow.name}
    </Link>
    <span className="flex items-center gap-3 text-sm text-muted">
      <PublishMark flow={flow} />
      {flow.last_execution && <ExecutionStatusMark status={flow.last_execution.status} />}
      <RelativeTime at={flow.updated_at} className="ml-auto" />
    </span>
  </>
)
