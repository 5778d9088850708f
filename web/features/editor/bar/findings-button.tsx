import { CircleAlert, CircleCheck, TriangleAlert } from "lucide-react"
import { useState } from "react"
import type { Finding } from "#core/flow/graph"
import { useAtomValue } from "#web/state/jotai.ts"
import { Button } from "#web/ui/button.tsx"
import { part } from "#web/ui/later.tsx"
import { sayCount } from "#web/ui/say-count.ts"
import { Popover } from "#web/ui/popover.tsx"
import { Loading, Skeleton } from "#web/ui/skeleton.tsx"
import { findingsAtom } from "../atoms.ts"

const FindingList = part(async () => (await import("./finding-list.tsx")).FindingList, {
  Coming: () => (
    <Loading what="the problems" className="flex flex-col gap-2 p-3">
      <Skeleton className="w-2/3" />
    </Loading>
  ),
  Lost: ({ onRetry }) => (
    <div className="flex items-center justify-between gap-2 p-3">
      The list could not be fetched.
      <Button size="xs" onClick={onRetry}>
        Try again
      </Button>
    </div>
  ),
})
export const fetchFindingList = FindingList.fetch

/** Errors first, each kind in the order in which it was found. */
const bySeverity = (findings: readonly Finding[]): Finding[] => [
  ...findings.filter((one) => one.severity === "error"),
  ...findings.filter((one) => one.severity === "warning"),
]

/** How many things are wrong; opens the list, where each leads to its place. */
export function FindingsButton() {
  const findings = useAtomValue(findingsAtom)
  const [open, setOpen] = useState(false)
  const errors = findings.filter((one) => one.severity === "error").length
  const warnings = findings.length - errors
  if (findings.length === 0) {
    return (
      <span className="inline-flex items-center gap-1.5 text-muted max-md:sr-only">
        <CircleCheck aria-hidden className="size-3.5 text-succeeded" />
        No problems
      </span>
    )
  }
  return (
    <Popover
      label="Problems"
      side="top"
      align="end"
      open={open}
      onOpenChange={setOpen}
      className="w-96"
      trigger={
        <Button tone="ghost" size="sm">
          {errors > 0 ? (
            <CircleAlert aria-hidden className="size-3.5 text-failed" />
          ) : (
            <TriangleAlert aria-hidden className="size-3.5 text-waiting" />
          )}
          {[errors > 0 && sayCount(errors, "error"), warnings > 0 && sayCount(warnings, "warning")]
            .filter(Boolean)
            .join(", ")}
        </Button>
      }
    >
      <FindingList findings={bySeverity(findings)} onGo={() => setOpen(false)} />
    </Popover>
  )
}
