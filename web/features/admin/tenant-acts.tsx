import { Pause, Play, RotateCcw, Trash2, type LucideIcon } from "lucide-react"
import { lazy, Suspense, useState } from "react"
import type { AdminTenant } from "#core/contract/admin"
import type { TenantChange, TenantStatus } from "#core/tenant"
import { Button } from "#web/ui/button.tsx"

const StateDialog = lazy(async () => ({ default: (await import("./state-dialog.tsx")).StateDialog }))

const offered: Record<TenantStatus, readonly TenantChange[]> = {
  active: ["suspended", "deleted"],
  suspended: ["active", "deleted"],
  deleted: ["active"],
  erasing: [],
}

/** What a platform admin may make of a tenant. */
export function TenantActs({ tenant }: { tenant: AdminTenant }) {
  const [to, setTo] = useState<TenantChange | null>(null)
  const acts = offered[tenant.status]
  return (
    <>
      {acts.map((change) => (
        <Button key={change} size="sm" onClick={() => setTo(change)}>
          <Act change={change} isDeleted={tenant.status === "deleted"} isShort={acts.length > 1} />
        </Button>
      ))}
      {to && (
        <Suspense>
          <StateDialog tenant={tenant} to={to} onClose={() => setTo(null)} />
        </Suspense>
      )}
    </>
  )
}

/** Two of them leave a phone's header no room for where one is, so that there the icon stands for the word. */
function Act({ change, isDeleted, isShort }: { change: TenantChange; isDeleted: boolean; isShort: boolean }) {
  const [Icon, word] = faces[change === "active" && isDeleted ? "restored" : change]
  return (
    <>
      <Icon aria-hidden /> <span className={isShort ? "max-md:sr-only" : undefined}>{word}</span>
    </>
  )
}

const faces: Record<TenantChange | "restored", readonly [LucideIcon, string]> = {
  suspended: [Pause, "Suspend"],
  deleted: [Trash2, "Delete"],
  active: [Play, "Let go on"],
  restored: [RotateCcw, "Restore"],
}
