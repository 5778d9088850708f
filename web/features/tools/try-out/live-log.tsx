import { useState } from "react"
import type { LiveExecution } from "#web/flow/live-execution.ts"
import { LogLines, textOf } from "#web/flow/log-lines.ts"
import { LogView } from "#web/flow/log-view.tsx"
import { Quiet } from "#web/flow/step-output.tsx"
import { useLive } from "#web/flow/use-execution.ts"
import { CopyButton } from "#web/ui/copy-button.tsx"

/** What one call prints and says, as it comes; a reader who has scrolled up stays where they are. */
export function LiveLog({ live }: { live: LiveExecution }) {
  const [log] = useState(() => new LogLines())
  // Another telling may bring lines.
  useLive(live, (one) => one.events.length)
  const isSettled = useLive(live, (one) => one.isSettled) ?? true
  const lines = log.take(live.events)
  return (
    <section aria-label="Log" className="flex min-w-0 flex-col gap-1">
      <div className="flex min-h-7 items-center justify-between">
        <h3 className="text-sm font-medium text-muted">Log</h3>
        {lines.length > 0 && <CopyButton text={() => textOf(lines)} label="Copy the log" />}
      </div>
      {lines.length === 0 ? (
        <Quiet>{isSettled ? "It printed nothing." : "Nothing printed yet."}</Quiet>
      ) : (
        <LogView
          lines={lines}
          began={live.state.started_at ?? live.state.created_at}
          label="What it printed"
          className="max-h-96 rounded-md border border-line bg-sunken py-1.5"
        />
      )}
    </section>
  )
}
