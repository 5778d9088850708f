import { CircleAlert, CircleCheck, CircleDashed, CirclePause, CircleX, type LucideIcon } from "lucide-react"
import type { Trigger, TriggerHealth } from "#core/contract/triggers"
import { StatusBadge, type Tone } from "#web/ui/badge.tsx"
import { Tooltip } from "#web/ui/tooltip.tsx"

const look: Record<TriggerHealth["status"], { tone: Tone; icon: LucideIcon; label: string }> = {
  ok: { tone: "succeeded", icon: CircleCheck, label: "Working" },
  failing: { tone: "attention", icon: CircleAlert, label: "Failing" },
  dead: { tone: "failed", icon: CircleX, label: "Dead" },
  never_fired: { tone: "neutral", icon: CircleDashed, label: "Never fired" },
}

const off = { tone: "cancelled", icon: CirclePause, label: "Off" } as const

export const statusOptions = [
  ...Object.entries(look).map(([value, { label }]) => ({ value, label })),
  { value: "inactive", label: off.label },
]

/** Whether it fires as it should; why not, on hover. */
export function HealthBadge({
  trigger,
  look: size = "plain",
}: {
  trigger: Pick<Trigger, "health" | "is_active">
  look?: "plain" | "soft"
}) {
  const { health, is_active: isActive } = trigger
  const { tone, icon, label } = isActive ? look[health.status] : off
  const badge = (
    <StatusBadge tone={tone} icon={icon} look={size}>
      {label}
    </StatusBadge>
  )
  const why = health.reason ?? health.last_error
  if (!isActive || !why || health.status === "ok" || health.status === "never_fired") return badge
  return (
    <Tooltip text={why}>
      <span className="flex min-w-0">{badge}</span>
    </Tooltip>
  )
}
