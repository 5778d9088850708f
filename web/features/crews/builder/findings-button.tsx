import { CircleAlert, CircleCheck, TriangleAlert } from "lucide-react"
import { useState } from "react"
import type { Finding } from "#core/flow/graph"
import { Button } from "#web/ui/button.tsx"
import { cn } from "#web/ui/cn.ts"
import { Popover } from "#web/ui/popover.tsx"
import { useBuilder, type Builder, type Open } from "./builder-context.ts"

/** Where a finding leads: to its task or member, else to the crew's own fields. */
function openOf({ crew }: Builder, { node_id: id }: Finding): Open {
  if (id === undefined) return { is: "crew" }
  if (crew.tasks.some((task) => task.id === id)) return { is: "task", id }
  return crew.agents.some((one) => one.position === id) ? { is: "member", id } : { is: "crew" }
}

const say = (count: number, word: string) => `${count} ${word}${count === 1 ? "" : "s"}`

/** How many things are to be mended, and each of them to go to. */
export function FindingsButton() {
  const builder = useBuilder()
  const { findings, onOpen } = builder
  const [isOpen, setOpen] = useState(false)
  const errors = findings.filter((one) => one.severity === "error").length
  const warnings = findings.length - errors
  if (findings.length === 0) {
    return (
      <span className="inline-flex items-center gap-1.5 text-sm text-muted max-md:sr-only">
        <CircleCheck aria-hidden className="size-3.5 text-succeeded" />
        Ready to run
      </span>
    )
  }
  const Icon = errors > 0 ? CircleAlert : TriangleAlert
  return (
    <Popover
      label="What is to be mended"
      open={isOpen}
      onOpenChange={setOpen}
      align="end"
      className="max-h-80 w-96 overflow-y-auto p-1"
      trigger={
        <Button size="sm" tone="ghost" className="tabular">
          <Icon aria-hidden className={errors > 0 ? "text-failed" : "text-waiting"} />
          {[errors > 0 && say(errors, "error"), warnings > 0 && say(warnings, "warning")]
            .filter(Boolean)
            .join(", ")}
        </Button>
      }
    >
      <ul>
        {findings.map((finding, i) => (
          <li key={i}>
            <button
              type="button"
              onClick={() => {
                onOpen(openOf(builder, finding))
                setOpen(false)
              }}
              className="focus-ring-inset flex w-full gap-2 rounded-sm px-2 py-1.5 text-left hover:bg-hover"
            >
              <Severity severity={finding.severity} />
              <span className="min-w-0 break-words">
                {finding.node_id !== undefined && (
                  <span className="mr-1.5 font-mono text-sm font-medium">{finding.node_id}</span>
                )}
                {finding.message}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </Popover>
  )
}

export function Severity({ severity }: { severity: Finding["severity"] }) {
  const Icon = severity === "error" ? CircleAlert : TriangleAlert
  return (
    <Icon
      role="img"
      aria-label={severity === "error" ? "Error" : "Warning"}
      className={cn("mt-0.5 size-3.5 shrink-0", severity === "error" ? "text-failed" : "text-waiting")}
    />
  )
}
