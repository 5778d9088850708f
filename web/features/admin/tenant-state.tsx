import { CircleCheck, CirclePause, Eraser, Trash2, type LucideIcon } from "lucide-react"
import type { AdminTenant } from "#core/contract/admin"
import type { TenantStatus } from "#core/tenant"
import { StatusBadge, type Tone } from "#web/ui/badge.tsx"
import { RelativeTime } from "#web/ui/relative-time.tsx"
import { sayDay } from "./say-day.ts"

const states: Record<TenantStatus, { tone: Tone; icon: LucideIcon; word: string }> = {
  active: { tone: "succeeded", icon: CircleCheck, word: "Active" },
  suspended: { tone: "attention", icon: CirclePause, word: "Suspended" },
  deleted: { tone: "failed", icon: Trash2, word: "Deleted" },
  erasing: { tone: "running", icon: Eraser, word: "Erasing" },
}

export const TenantState = ({
  status,
  look = "plain",
}: {
  status: TenantStatus
  look?: "plain" | "soft"
}) => {
  const { tone, icon, word } = states[status]
  return (
    <StatusBadge tone={tone} icon={icon} look={look}>
      {word}
    </StatusBadge>
  )
}

/** Who put the tenant where it is, when and why, and until when that can be undone. */
export function StateNote({ tenant }: { tenant: AdminTenant }) {
  const { status, status_reason: reason, status_at: at, status_by: by, erased_at } = tenant
  if (at === null || status === "active") return null
  return (
    <p className="mt-3 max-w-[75ch] wrap-anywhere text-soft">
      {states[status].word} <RelativeTime at={at} />
      {by && ` by ${by.name || by.email}`}
      {reason && `: ${reason.replace(/\.$/, "")}`}.
      {status === "deleted" &&
        erased_at &&
        ` Everything in it is there until ${sayDay(erased_at)}; then it is erased for good.`}
      {status === "erasing" && " Its data is being erased for good, which nothing can undo."}
    </p>
  )
}
