import { CirclePause } from "lucide-react"
import type { Me } from "#core/contract/auth"
import { useMe } from "#web/api/me.ts"

type Suspension = NonNullable<Me["suspension"]>

/** Says above every page of a suspended workspace that nothing can be changed, why, and whom to ask. */
export function SuspensionBar({ suspension: { reason, contact } }: { suspension: Suspension }) {
  const { tenant } = useMe()
  return (
    <div
      role="status"
      className="flex min-h-9 shrink-0 items-center gap-x-3 border-b border-line bg-attention-soft px-3 py-1 text-attention"
    >
      <CirclePause aria-hidden className="shrink-0" />
      <p className="min-w-0 wrap-anywhere">
        <span className="font-medium">
          {tenant.name} is suspended: you can read everything, and change nothing.
        </span>
        {reason ? ` Why: ${reason.replace(/\.$/, "")}.` : ""} What was going on is paused, and nothing is
        lost. Ask{" "}
        {contact ? (
          <a className="underline" href={`mailto:${contact}`}>
            {contact}
          </a>
        ) : (
          "whoever runs this installation"
        )}
        .
      </p>
    </div>
  )
}
