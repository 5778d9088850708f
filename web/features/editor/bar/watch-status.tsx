import { Link } from "@tanstack/react-router"
import { ArrowUpRight, Square, X } from "lucide-react"
import { useState } from "react"
import { isSettled } from "#core/execution/status"
import { formatMicros } from "#core/money"
import { ExecutionStatusMark } from "#web/flow/status.tsx"
import { useElapsed } from "#web/flow/use-elapsed.ts"
import type { LiveExecution } from "#web/flow/live-execution.ts"
import { useLive } from "#web/flow/use-execution.ts"
import { useSetAtom } from "#web/state/jotai.ts"
import { Button } from "#web/ui/button.tsx"
import { IconButton } from "#web/ui/icon-button.tsx"
import { sayDuration } from "#web/ui/relative-time.tsx"
import { toast } from "#web/ui/toast.tsx"
import { watchedIdAtom } from "../atoms.ts"
import { fetchStarting } from "../start/use-run.ts"

/** The watched execution in one line: how it stands, what it took, and the ways out. */
export function WatchStatus({ live }: { live: LiveExecution }) {
  const status = useLive(live, ({ state }) => state.status) ?? "queued"
  const tokens = useLive(live, ({ state }) => state.input_tokens + state.output_tokens) ?? 0
  const cost = useLive(live, ({ state }) => state.cost_micros) ?? 0
  const link = useLive(live, (one) => one.link)
  const elapsed = useElapsed(live)
  const watch = useSetAtom(watchedIdAtom)
  const [cancelling, setCancelling] = useState(false)
  const cancel = async () => {
    setCancelling(true)
    try {
      const { cancelExecution } = await fetchStarting()
      await cancelExecution(live.id)
    } catch (error) {
      toast.failed(error, "The execution was not cancelled")
    } finally {
      setCancelling(false)
    }
  }
  const facts = [
    elapsed !== null && sayDuration(elapsed),
    tokens > 0 && `${tokens.toLocaleString("en")} tokens`,
    cost > 0 && formatMicros(cost),
    link === "reconnecting" && "reconnecting",
  ].filter(Boolean)
  return (
    // On a phone the bar is longer than the screen and scrolls: how it stands is not what gives way.
    <div className="flex min-w-0 items-center gap-2 max-md:shrink-0">
      <span role="status" className="truncate">
        {link === "failed" ? "This execution cannot be shown" : <ExecutionStatusMark status={status} />}
      </span>
      <span className="tabular truncate text-muted">{facts.join(" · ")}</span>
      {!isSettled(status) && link !== "failed" && (
        <Button size="sm" busy={cancelling} disabled={status === "cancelling"} onClick={() => void cancel()}>
          <Square aria-hidden className="size-3" />
          Cancel
        </Button>
      )}
      <Button asChild tone="ghost" size="sm">
        <Link to="/executions/$executionId" params={{ executionId: live.id }}>
          Open
          <ArrowUpRight aria-hidden className="size-3.5" />
        </Link>
      </Button>
      <IconButton label="Stop watching" size="sm" onClick={() => watch(null)}>
        <X />
      </IconButton>
    </div>
  )
}
