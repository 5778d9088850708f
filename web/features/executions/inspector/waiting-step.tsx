import { Hourglass, PhoneIncoming } from "lucide-react"
import type { NodeState } from "#core/execution/state"
import { Countdown } from "#web/flow/countdown.tsx"
import { ApprovalPart } from "#web/flow/approval-part.tsx"
import { RelativeTime } from "#web/ui/relative-time.tsx"
import { useWatch } from "../watch.ts"
import { CallbackAddress } from "./callback-address.tsx"
import { InterruptedPart } from "./interrupted-part.tsx"
import { Pane } from "./pane.tsx"

/** What the tab of a step that waits is called; undefined where it waits for nothing and never asked. */
export function waitLabel(run: NodeState): string | undefined {
  if (run.status === "interrupted") return "Resolve"
  if (run.approval) return "Approval"
  if (run.status !== "waiting") return undefined
  return run.waiting_for === "callback" ? "Callback" : "Wait"
}

type WaitingProps = { step: string; run: NodeState }

/** What a step waits for, and the way to let it go on. */
export const WaitingStep = ({ step, run }: WaitingProps) => (
  <Pane>
    <WaitingPart step={step} run={run} />
  </Pane>
)

/** The same as a part of a list. */
export function WaitingPart({ step, run }: WaitingProps) {
  const { execution } = useWatch()
  if (run.status === "interrupted") return <InterruptedPart step={step} run={run} />
  if (run.approval) return <ApprovalPart executionId={execution.id} run={run} approval={run.approval} />
  if (run.waiting_for === "callback") return <CallbackPart run={run} />
  return <TimePart run={run} />
}

const TimePart = ({ run: { due } }: { run: NodeState }) => (
  <p className="flex items-center gap-2">
    <Hourglass aria-hidden className="size-4 text-waiting" />
    {due === undefined ? (
      "Waits for its time."
    ) : (
      <span>
        Goes on in <Countdown due={due} over="a moment" className="font-medium" />,{" "}
        <span className="text-muted">{moment.format(Date.parse(due))}</span>
      </span>
    )}
  </p>
)

const moment = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "medium" })

const CallbackPart = ({ run }: { run: NodeState }) => (
  <div className="flex flex-col gap-3">
    <p className="flex items-center gap-2">
      <PhoneIncoming aria-hidden className="size-4 text-waiting" />
      <span>
        Waits for a call
        {run.started_at !== undefined && (
          <>
            {" "}
            since <RelativeTime at={run.started_at} />
          </>
        )}
        . The body of the call becomes its output.
      </span>
    </p>
    <CallbackAddress run={run} />
    {run.due !== undefined && (
      <p className="text-muted">
        Without a call it fails in <Countdown due={run.due} over="a moment" />.
      </p>
    )}
  </div>
)
