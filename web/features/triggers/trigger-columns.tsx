import { Link } from "@tanstack/react-router"
import type { Trigger } from "#core/contract/triggers"
import { Switch } from "#web/ui/checkbox.tsx"
import { RelativeTime } from "#web/ui/relative-time.tsx"
import type { Column } from "#web/ui/table/model.ts"
import { HealthBadge } from "./health.tsx"
import { triggerKinds } from "./kinds.ts"
import { sayTiming } from "./say-timing.ts"

type Turn = (trigger: Trigger, on: boolean) => void

const KindIcon = ({ trigger }: { trigger: Trigger }) => {
  const { icon: Icon, label } = triggerKinds[trigger.kind]
  return <Icon role="img" aria-label={label} className="text-muted" />
}

const FlowName = ({ trigger }: { trigger: Trigger }) =>
  trigger.flow_name === null ? (
    <span className="text-failed">Deleted flow</span>
  ) : (
    <span className="truncate" title={trigger.flow_name}>
      {trigger.flow_name}
    </span>
  )

/** What of its settings tells one trigger from another at a glance. */
export const Gist = ({ trigger }: { trigger: Trigger }) => (
  <span className="truncate">
    {trigger.kind === "schedule" ? sayTiming(trigger.config.timing) : triggerKinds[trigger.kind].label}
  </span>
)

/** `turn` is absent for those who may not change triggers. */
export const triggerColumns = (turn: Turn | undefined): readonly Column<Trigger>[] => [
  { id: "status", header: "Status", width: "7rem", cell: (trigger) => <HealthBadge trigger={trigger} /> },
  {
    id: "name",
    header: "Name",
    width: "minmax(10rem, 1.4fr)",
    sort: "name",
    cell: (trigger) => (
      <span className="flex min-w-0 items-center gap-2">
        <KindIcon trigger={trigger} />
        <Link
          to="/triggers/$triggerId"
          params={{ triggerId: trigger.id }}
          tabIndex={-1}
          title={trigger.name}
          className="truncate font-medium hover:underline"
        >
          {trigger.name}
        </Link>
      </span>
    ),
  },
  {
    id: "gist",
    header: "Fires",
    width: "minmax(8rem, 1fr)",
    room: "wide",
    cell: (trigger) => (
      <span className="flex min-w-0 text-muted">
        <Gist trigger={trigger} />
      </span>
    ),
  },
  {
    id: "flow",
    header: "Flow",
    width: "minmax(8rem, 1fr)",
    cell: (trigger) => <FlowName trigger={trigger} />,
  },
  {
    id: "last",
    header: "Last fired",
    width: "6.5rem",
    sort: "last_fired_at",
    first: "desc",
    cell: ({ last_fired_at: at }) =>
      at ? <RelativeTime at={at} className="text-muted" /> : <span className="text-muted">Never</span>,
  },
  {
    id: "next",
    header: "Next fire",
    width: "6rem",
    sort: "next_fire_at",
    cell: ({ next_fire_at: at }) => at && <RelativeTime at={at} className="text-muted" />,
  },
  {
    id: "active",
    header: "Active",
    width: "3rem",
    align: "end",
    cell: (trigger) =>
      turn ? (
        <Switch
          aria-label={`${trigger.name} is active`}
          checked={trigger.is_active}
          onCheckedChange={(on) => turn(trigger, on)}
        />
      ) : (
        <span className="text-muted">{trigger.is_active ? "Yes" : "No"}</span>
      ),
  },
]

/** Two lines for a phone. */
export const TriggerNarrow = ({ trigger }: { trigger: Trigger }) => (
  <>
    <span className="flex items-center gap-2">
      <KindIcon trigger={trigger} />
      <span className="min-w-0 flex-1 truncate text-md font-medium">{trigger.name}</span>
      <HealthBadge trigger={trigger} />
    </span>
    <span className="flex items-center gap-3 text-sm text-muted">
      <span className="flex min-w-0 flex-1">
        <FlowName trigger={trigger} />
      </span>
      {trigger.next_fire_at ? (
        <span>
          next <RelativeTime at={trigger.next_fire_at} />
        </span>
      ) : (
        trigger.last_fired_at && <RelativeTime at={trigger.last_fired_at} />
      )}
    </span>
  </>
)
