import type { Action } from "#core/execution/next"
import type { StepFault } from "#core/execution/retry"
import { nodeKey } from "#core/execution/state"
import { incomingOf } from "#core/execution/values"
import { timeoutHandle } from "#core/flow/kinds/approval"
import "#durable/kit/crashpoint"
import type { ActiveExecution } from "./active.ts"
import { placeOf } from "./step-result.ts"

type Ring = Extract<Action, { do: "ring" }>

/** The time of a wait or an approval has come. */
export function ring(
  run: ActiveExecution,
  { node, scope }: Ring,
  fault: (fault: StepFault) => void,
  at: string,
): void {
  const known = run.state.nodes[nodeKey(node.id, scope)]
  if (known?.status !== "waiting") return
  const place = { ...placeOf(node.id, scope), attempt: known.attempt }
  run.emit({ type: "timer.fired", ...place, data: { name: known.waiting_for ?? "time" } }, at)
  globalThis.crashpoint?.("after-timer-fired", run.id, node.id)
  if (known.waiting_for === "callback") {
    return fault({
      code: "wait.expired",
      message: "Nobody called within the time that this step waits.",
      retry: false,
    })
  }
  if (known.waiting_for !== "approval") {
    const output = incomingOf(run.state, run.plan, node, scope)
    run.emit({ type: "node.succeeded", ...place, data: { output, handles: ["out"] } }, at)
    return
  }
  const approval_id = known.approval?.approval_id ?? ""
  run.emit({ type: "approval.timed_out", ...place, data: { approval_id } }, at)
  const output = { button: null, timed_out: true }
  run.emit({ type: "node.succeeded", ...place, data: { output, handles: [timeoutHandle.id] } }, at)
}
