import { CircleAlert } from "lucide-react"
import { Failure } from "#core/errors"
import { cn } from "./cn.ts"
import { sayError } from "./say-error.ts"

/** What went wrong, inside a form or a panel. */
export function ErrorNote({ error, className }: { error: unknown; className?: string }) {
  const { title, detail, ...said } = sayError(error)
  // A request id helps who runs the server, and says nothing about a mistyped password.
  const requestId = error instanceof Failure && error.status >= 500 ? said.requestId : undefined
  return (
    <div role="alert" className={cn("flex gap-2 rounded-md bg-failed-soft px-3 py-2 text-failed", className)}>
      <CircleAlert aria-hidden className="mt-0.5" />
      <div className="min-w-0 break-words">
        <p className="font-medium">{title === "This did not work" ? detail : title}</p>
        {title !== "This did not work" && title !== detail && <p>{detail}</p>}
        {requestId && <p className="mt-0.5 font-mono text-xs">{requestId}</p>}
      </div>
    </div>
  )
}
