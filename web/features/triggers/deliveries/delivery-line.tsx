import { Link } from "@tanstack/react-router"
import { ArrowUpRight } from "lucide-react"
import type { Delivery } from "#core/contract/triggers"
import { StatusBadge } from "#web/ui/badge.tsx"
import { outcomes } from "./outcomes.ts"

export const OutcomeBadge = ({ delivery }: { delivery: Delivery }) => {
  const { tone, icon, label } = outcomes[delivery.outcome]
  return (
    <StatusBadge tone={tone} icon={icon}>
      {label}
    </StatusBadge>
  )
}

/** Leads to the execution that a delivery started. */
export const ExecutionLink = ({ delivery }: { delivery: Delivery }) =>
  delivery.execution_id && (
    <Link
      to="/executions/$executionId"
      params={{ executionId: delivery.execution_id }}
      className="focus-ring inline-flex items-center gap-0.5 rounded-sm text-accent-ink underline-offset-2 hover:underline"
    >
      Execution
      <ArrowUpRight aria-hidden className="size-3.5" />
    </Link>
  )

/** What became of one delivery, in a line. */
export const DeliveryLine = ({ delivery }: { delivery: Delivery }) => (
  <div
    role="status"
    className="flex flex-wrap items-center gap-x-4 gap-y-1 rounded-md border border-line bg-sunken px-3 py-2"
  >
    <OutcomeBadge delivery={delivery} />
    {delivery.reason && <span className="min-w-0 break-words text-soft">{delivery.reason}</span>}
    <ExecutionLink delivery={delivery} />
  </div>
)
