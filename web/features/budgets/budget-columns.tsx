import {
  Bot,
  Boxes,
  Building2,
  CircleAlert,
  CircleCheck,
  CirclePause,
  CircleSlash,
  Activity,
  TriangleAlert,
  Users,
  type LucideIcon,
} from "lucide-react"
import type { Budget } from "#core/contract/budgets"
import type { BudgetScope } from "#core/governor/budget"
import { formatMicros } from "#core/money"
import { StatusBadge, type Tone } from "#web/ui/badge.tsx"
import { cn } from "#web/ui/cn.ts"
import type { Column } from "#web/ui/table/model.ts"
import { BurnDown } from "./burn-down.tsx"
import {
  depthOf,
  healthOf,
  sayForecast,
  sayLimit,
  sayShare,
  shareOf,
  targetOf,
  type Health,
} from "./model.ts"

export const scopeIcons: Record<BudgetScope, LucideIcon> = {
  tenant: Building2,
  provider: Boxes,
  crew: Users,
  agent: Bot,
  execution: Activity,
}

const badges: Record<Health, { tone: Tone; icon: LucideIcon; label: string }> = {
  calm: { tone: "succeeded", icon: CircleCheck, label: "Within" },
  near: { tone: "waiting", icon: TriangleAlert, label: "Near its end" },
  full: { tone: "failed", icon: CircleAlert, label: "Spent" },
  unknown: { tone: "cancelled", icon: CircleSlash, label: "Unknown" },
}

export function BudgetStatus({ budget }: { budget: Budget }) {
  const { refused } = budget.state ?? { refused: 0 }
  if (!budget.is_active)
    return (
      <StatusBadge tone="cancelled" icon={CirclePause}>
        Off
      </StatusBadge>
    )
  const { tone, icon, label } = badges[healthOf(budget)]
  return (
    <StatusBadge tone={tone} icon={icon}>
      {refused > 0 && shareOf(budget) < 1 ? "Refusing" : label}
    </StatusBadge>
  )
}

const fills: Record<Health, string> = {
  calm: "bg-succeeded",
  near: "bg-waiting",
  full: "bg-failed",
  unknown: "bg-field",
}

/** How much is spent, and how much more is held for calls under way. */
export function SpentMeter({ budget, className }: { budget: Budget; className?: string }) {
  const { state, limit_micros } = budget
  const share = shareOf(budget)
  const held = state && limit_micros > 0 ? state.reserved_micros / limit_micros : 0
  const width = (part: number) => ({ width: `${Math.min(1, part) * 100}%` })
  return (
    <span
      role="meter"
      aria-label={`Spent of ${budget.name}`}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.min(100, Math.floor(share * 100))}
      aria-valuetext={state ? `${sayShare(share)}, ${formatMicros(state.spent_micros)}` : "unknown"}
      className={cn(
        "relative block h-1.5 w-full overflow-hidden rounded-full bg-sunken ring-1 ring-line",
        className,
      )}
    >
      <span className="absolute inset-y-0 left-0 bg-field" style={width(share + held)} />
      <span className={cn("absolute inset-y-0 left-0", fills[healthOf(budget)])} style={width(share)} />
    </span>
  )
}

const Name = ({ budget }: { budget: Budget }) => {
  const Icon = scopeIcons[budget.scope]
  return (
    <span className={cn("flex min-w-0 items-center gap-2", depthOf(budget) === 1 && "pl-5")}>
      <Icon aria-hidden className="text-muted" />
      <span className="truncate font-medium" title={budget.name}>
        {budget.name}
      </span>
    </span>
  )
}

export const budgetColumns: readonly Column<Budget>[] = [
  { id: "status", header: "Status", width: "8rem", cell: (budget) => <BudgetStatus budget={budget} /> },
  { id: "name", header: "Name", width: "minmax(10rem, 1.2fr)", cell: (budget) => <Name budget={budget} /> },
  {
    id: "of",
    header: "Of",
    width: "minmax(8rem, 1fr)",
    cell: (budget) => <span className="truncate text-muted">{targetOf(budget)}</span>,
  },
  {
    id: "limit",
    header: "Limit",
    width: "9rem",
    cell: (budget) => (
      <span className="tabular truncate">
        {sayLimit(budget)}
        {budget.mode === "soft" && <span className="text-muted"> · soft</span>}
      </span>
    ),
  },
  {
    id: "spent",
    header: "Spent",
    width: "minmax(9rem, 1fr)",
    cell: (budget) => (
      <span className="flex w-full items-center gap-2">
        <SpentMeter budget={budget} className="max-w-24" />
        <span className="tabular truncate text-sm">
          {budget.state ? formatMicros(budget.state.spent_micros) : "unknown"}
        </span>
      </span>
    ),
  },
  {
    id: "burn-down",
    header: "Burn-down",
    width: "7rem",
    room: "wide",
    cell: (budget) => <BurnDown budget={budget} />,
  },
  {
    id: "forecast",
    header: "Forecast",
    width: "minmax(9rem, 0.9fr)",
    room: "wide",
    cell: (budget) => <span className="tabular truncate text-muted">{sayForecast(budget) ?? "–"}</span>,
  },
]

/** Two lines for a phone. */
export const BudgetNarrow = ({ budget }: { budget: Budget }) => (
  <>
    <span className="flex items-center gap-2">
      <span className="min-w-0 flex-1 truncate text-md font-medium">{budget.name}</span>
      <span className="tabular shrink-0 text-sm text-muted">{sayLimit(budget)}</span>
    </span>
    <span className="flex items-center gap-3 text-sm text-muted">
      <BudgetStatus budget={budget} />
      <SpentMeter budget={budget} className="max-w-28 flex-1" />
      <span className="tabular">{sayShare(shareOf(budget))}</span>
    </span>
  </>
)
