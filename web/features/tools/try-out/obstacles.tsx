import { useQuery } from "@tanstack/react-query"
import { CircleAlert, TriangleAlert } from "lucide-react"
import type { Tool } from "#core/contract/tools"
import { cn } from "#web/ui/cn.ts"
import { obstaclesQuery } from "./queries.ts"

/** Said before somebody calls a tool that cannot be called: no sandbox, a credential turned off, a flow that is not published. */
export function Obstacles({ tool }: { tool: Tool }) {
  const { data = [] } = useQuery(obstaclesQuery(tool))
  if (data.length === 0) return null
  return (
    <ul aria-label="What stands in the way" className="flex flex-col gap-2">
      {data.map(({ code, severity, message }, i) => {
        const isError = severity === "error"
        const Icon = isError ? CircleAlert : TriangleAlert
        return (
          <li
            key={`${code}/${i}`}
            className={cn(
              "flex gap-2 rounded-md px-3 py-2",
              isError ? "bg-failed-soft text-failed" : "bg-waiting-soft text-waiting",
            )}
          >
            <Icon aria-hidden className="mt-0.5" />
            <span className="min-w-0 break-words">{message}</span>
          </li>
        )
      })}
    </ul>
  )
}
