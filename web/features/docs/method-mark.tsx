import { cn } from "#web/ui/cn.ts"
import type { Method } from "./model.ts"

const hues: Record<Method, string> = {
  get: "text-running",
  post: "text-succeeded",
  put: "text-waiting",
  patch: "text-waiting",
  delete: "text-failed",
}

const short: Record<Method, string> = { get: "GET", post: "POST", put: "PUT", patch: "PATCH", delete: "DEL" }

export const MethodMark = ({ method, className }: { method: Method; className?: string }) => (
  <abbr
    title={method.toUpperCase()}
    className={cn(
      "shrink-0 font-mono text-[0.625rem] font-semibold tracking-wide no-underline",
      hues[method],
      className,
    )}
  >
    {short[method]}
  </abbr>
)
