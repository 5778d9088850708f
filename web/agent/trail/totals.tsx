import { Link } from "@tanstack/react-router"
import { Square } from "lucide-react"
import { useState } from "react"
import { executionsApi } from "#core/contract/executions"
import { formatMicros } from "#core/money"
import type { ExecutionId } from "#core/ids"
import { call } from "#web/api/call.ts"
import { ExecutionStatusMark } from "#web/flow/status.tsx"
import { useElapsed } from "#web/flow/use-elapsed.ts"
import { useLive } from "#web/flow/use-execution.ts"
import type { LiveExecution } from "#web/flow/live-execution.ts"
import { Button } from "#web/ui/button.tsx"
import { sayDuration } from "#web/ui/relative-time.tsx"
import { toast } from "#web/ui/toast.tsx"

/** How a trial stands and what it has taken, with the way to stop it and to see everything. */
export function TrialTotals({ live }: { live: LiveExecution }) {
  const status = useLive(live, ({ state }) => state.status) ?? "queued"
  const tokens = useLive(live, ({ state }) => state.input_tokens + state.output_tokens) ?? 0
  const cost = useLive(live, ({ state }) => state.cost_micros) ?? 0
  const settled = useLive(live, (one) => one.isSettled) ?? false
  const elapsed = useElapsed(live)
  return (
    <div className="flex min-h-9 flex-wrap items-center gap-x-3 gap-y-1">
      <span role="status">
        <ExecutionStatusMark status={status} look="soft" />
      </span>
      <span className="tabular text-sm text-muted">
        {[
          elapsed !== null && sayDuration(elapsed),
          `${tokens.toLocaleString("en")} tokens`,
          formatMicros(cost),
        ]
          .filter(Boolean)
          .join(" · ")}
      </span>
      <span className="ml-auto flex items-center gap-2">
        {!settled && <StopButton id={live.id} />}
        <Link
          to="/executions/$executionId"
          params={{ executionId: live.id }}
          className="focus-ring rounded-sm text-sm text-accent-ink hover:underline"
        >
          Execution
        </Link>
      </span>
    </div>
  )
}

function StopButton({ id }: { id: string }) {
  const [busy, setBusy] = useState(false)
  const stop = async () => {
    setBusy(true)
    try {
      await call(executionsApi.cancel, { params: { execution_id: id as ExecutionId } })
    } catch (error) {
      toast.failed(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Button size="xs" busy={busy} onClick={() => void stop()}>
      <Square aria-hidden />
      Stop
    </Button>
  )
}
