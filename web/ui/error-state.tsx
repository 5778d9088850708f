import { CircleAlert, RotateCw } from "lucide-react"
import { Failure, failures } from "#core/errors"
import { Button } from "./button.tsx"
import { cn } from "./cn.ts"
import { CopyButton } from "./copy-button.tsx"

/** What any thrown thing says to a person. */
export function sayError(error: unknown): {
  title: string
  detail: string
  code?: string
  requestId?: string | undefined
} {
  if (error instanceof Failure) {
    const say: string = failures[error.code].say
    const detail = error.more.detail ?? say
    return {
      title: detail === say ? "This did not work" : say,
      detail,
      code: error.code,
      requestId: error.more.requestId,
    }
  }
  if (error instanceof TypeError && /fetch|network|load failed/i.test(error.message)) {
    return { title: "The server cannot be reached", detail: "Check your connection; nothing was lost." }
  }
  return {
    title: "Something went wrong on this page",
    detail: error instanceof Error ? error.message : String(error),
  }
}

type ErrorStateProps = { error: unknown; onRetry?: () => void; heading?: "h1" | "h2"; className?: string }

/** Stands where content could not be loaded: what happened, its code and request id for a report, and a way on. */
export function ErrorState({ error, onRetry, heading: Heading = "h2", className }: ErrorStateProps) {
  const { title, detail, code, requestId } = sayError(error)
  return (
    <div
      role="alert"
      className={cn("mx-auto flex max-w-md flex-col items-center px-6 py-16 text-center", className)}
    >
      <span className="mb-4 flex size-10 items-center justify-center rounded-lg bg-failed-soft text-failed">
        <CircleAlert aria-hidden className="size-5" />
      </span>
      <Heading className="text-md font-semibold">{title}</Heading>
      <p className="mt-1 max-w-full break-words text-muted text-pretty">{detail}</p>
      {(code || requestId) && (
        <p className="mt-3 flex max-w-full flex-wrap items-center justify-center gap-x-2 font-mono text-sm text-muted">
          {code && <span>{code}</span>}
          {requestId && (
            <span className="inline-flex min-w-0 items-center gap-1">
              <span className="truncate">{requestId}</span>
              <CopyButton text={requestId} label="Copy the request id" />
            </span>
          )}
        </p>
      )}
      {onRetry && (
        <Button className="mt-5" onClick={onRetry}>
          <RotateCw aria-hidden />
          Try again
        </Button>
      )}
    </div>
  )
}

/** The same, inside a form or a panel. */
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
