import { Link } from "@tanstack/react-router"
import type { CrewSummary } from "#core/contract/crews"
import { RelativeTime } from "#web/ui/relative-time.tsx"
import type { Column } from "#web/ui/table/model.ts"
import { patterns } from "./patterns.ts"

const Pattern = ({ crew }: { crew: CrewSummary }) => {
  const { icon: Icon, label } = patterns[crew.collaboration_pattern]
  return (
    <span className="inline-flex min-w-0 items-center gap-1.5 text-soft">
      <Icon aria-hidden className="size-3.5 shrink-0 text-muted" />
      <span className="truncate">{label}</span>
    </span>
  )
}

const count = (n: number) => <span className="tabular text-muted">{n.toLocaleString("en")}</span>

export const crewColumns: readonly Column<CrewSummary>[] = [
  { id: "pattern", header: "Pattern", width: "7.5rem", cell: (crew) => <Pattern crew={crew} /> },
  {
    id: "name",
    header: "Name",
    width: "minmax(0, 1fr)",
    sort: "name",
    cell: (crew) => (
      <span className="flex min-w-0 items-baseline gap-3">
        <Link
          to="/crews/$crewId"
          params={{ crewId: crew.id }}
          tabIndex={-1}
          title={crew.name}
          className="focus-ring min-w-0 shrink-[0.35] truncate rounded-sm font-medium"
        >
          {crew.name}
        </Link>
        <span className="min-w-0 flex-1 truncate text-muted">{crew.description}</span>
      </span>
    ),
  },
  {
    id: "members",
    header: "Members",
    width: "4.5rem",
    align: "end",
    cell: (crew) => count(crew.member_count),
  },
  { id: "tasks", header: "Tasks", width: "3.5rem", align: "end", cell: (crew) => count(crew.task_count) },
  {
    id: "updated",
    header: "Updated",
    width: "6.5rem",
    sort: "updated_at",
    first: "desc",
    align: "end",
    cell: (crew) => <RelativeTime at={crew.updated_at} className="truncate text-muted" />,
  },
]

/** Two lines for a phone. */
export const CrewNarrow = ({ crew }: { crew: CrewSummary }) => (
  <>
    <Link
      to="/crews/$crewId"
      params={{ crewId: crew.id }}
      tabIndex={-1}
      className="block truncate text-md font-medium"
    >
      {crew.name}
    </Link>
    <span className="flex items-center gap-3 text-sm text-muted">
      <Pattern crew={crew} />
      <span className="tabular shrink-0">
        {crew.member_count} {crew.member_count === 1 ? "member" : "members"}
      </span>
      <RelativeTime at={crew.updated_at} className="ml-auto shrink-0" />
    </span>
  </>
)
