import { CirclePause } from "lucide-react"
import { useMe } from "#web/api/me.ts"

/** Says above every page of a suspended workspace that nothing can be changed, why, and whom to ask. */
export function SuspensionBar() {
  const { tenant, suspension } = useMe()
  if (!suspension) return null
  const { reason, contact } = suspension
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
