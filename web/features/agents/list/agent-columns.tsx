import { Link } from "@tanstack/react-router"
import { Archive, CircleCheck, CircleDashed, type LucideIcon } from "lucide-react"
import type { Agent, AgentSummary } from "#core/contract/agents"
import { StatusBadge, type Tone } from "#web/ui/badge.tsx"
import { RelativeTime } from "#web/ui/relative-time.tsx"
import type { Column } from "#web/ui/table/model.ts"

export const agentStatuses: Record<Agent["status"], { tone: Tone; icon: LucideIcon; word: string }> = {
  active: { tone: "succeeded", icon: CircleCheck, word: "Active" },
  draft: { tone: "neutral", icon: CircleDashed, word: "Draft" },
  archived: { tone: "cancelled", icon: Archive, word: "Archived" },
}

export function AgentStatusMark({ status }: { status: Agent["status"] }) {
  const { tone, icon, word } = agentStatuses[status]
  return (
    <StatusBadge tone={tone} icon={icon}>
      {word}
    </StatusBadge>
  )
}

const count = (n: number) => <span className="tabular text-muted">{n.toLocaleString("en")}</span>

export const agentColumns: readonly Column<AgentSummary>[] = [
  {
    id: "status",
    header: "Status",
    width: "5.5rem",
    cell: (agent) => <AgentStatusMark status={agent.status} />,
  },
  {
    id: "name",
    header: "Name",
    width: "minmax(0, 1fr)",
    sort: "name",
    cell: (agent) => (
      <span className="flex min-w-0 items-baseline gap-3">
        <Link
          to="/agents/$agentId"
          params={{ agentId: agent.id }}
          tabIndex={-1}
          title={agent.name}
          className="focus-ring min-w-0 shrink-[0.35] truncate rounded-sm font-medium"
        >
          {agent.name}
        </Link>
        <span className="min-w-0 flex-1 truncate text-muted">{agent.role || agent.description}</span>
      </span>
    ),
  },
  {
    id: "model",
    header: "Model",
    width: "9rem",
    room: "wide",
    cell: (agent) =>
      agent.model ? (
        <span className="truncate font-mono text-sm" title={agent.model}>
          {agent.model}
        </span>
      ) : (
        <span className="text-muted">Default</span>
      ),
  },
  { id: "tools", header: "Tools", width: "3.5rem", align: "end", cell: (agent) => count(agent.tool_count) },
  {
    id: "crews",
    header: "Crews",
    width: "3.5rem",
    align: "end",
    room: "wide",
    cell: (agent) => count(agent.crew_count),
  },
  {
    id: "updated",
    header: "Updated",
    width: "6.5rem",
    sort: "updated_at",
    first: "desc",
    align: "end",
    cell: (agent) => <RelativeTime at={agent.updated_at} className="truncate text-muted" />,
  },
]

/** Two lines for a phone. */
export const AgentNarrow = ({ agent }: { agent: AgentSummary }) => (
  <>
    <Link
      to="/agents/$agentId"
      params={{ agentId: agent.id }}
      tabIndex={-1}
      className="block truncate text-md font-medium"
    >
      {agent.name}
    </Link>
    <span className="flex items-center gap-3 text-sm text-muted">
      <AgentStatusMark status={agent.status} />
      <span className="min-w-0 truncate">{agent.role || agent.description}</span>
      <RelativeTime at={agent.updated_at} className="ml-auto shrink-0" />
    </span>
  </>
)
