import { Check, CircleAlert, Copy, RotateCw } from "lucide-react"
import { Button } from "./button.tsx"
import { cn } from "./cn.ts"
import { sayError } from "./say-error.ts"
import { useCopy } from "./use-copy.ts"

type ErrorStateProps = { error: unknown; onRetry?: () => void; heading?: "h1" | "h2"; className?: string }

/** Stands where content could not be loaded: what happened, its code and request id for a report, and a way on. */
export function ErrorState({ error, onRetry, heading: Heading = "h2", className }: ErrorStateProps) {
  const { title, detail, code, requestId } = sayError(error)
  const { copied, copy } = useCopy()
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
        <div className="mt-3 flex max-w-full flex-wrap items-center justify-center gap-x-2 font-mono text-sm text-muted">
          {code && <span>{code}</span>}
          {requestId && (
            <Button
              size="xs"
              tone="ghost"
              className="min-w-0 shrink font-normal text-muted"
              onClick={() => copy(requestId)}
            >
              <span className="sr-only">Copy the request id</span>
              <span className="truncate">{requestId}</span>
              {copied ? <Check aria-hidden className="text-succeeded" /> : <Copy aria-hidden />}
            </Button>
          )}
        </div>
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
