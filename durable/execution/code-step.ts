import type { NewEvent } from "#core/execution/event"
import type { Performed } from "#core/execution/perform"
import { isSettled } from "#core/execution/status"
import type { CodeStep } from "#core/execution/steps/code"
import type { ActiveExecution } from "./active.ts"
import { faultOf } from "./fault.ts"
import { LogBatch } from "./log-batch.ts"
import type { ProgramCall } from "./program-port.ts"
import type { StepDeps } from "./step-deps.ts"

type Place = { node_id: string; scope?: string; attempt: number }
export type RunKeys = Pick<ProgramCall, "step" | "idempotency_key" | "run_key">

/** Calls the function of a code node for one attempt; what it prints goes to the log as it comes. */
export async function runCode(
  deps: StepDeps,
  run: ActiveExecution,
  place: Place,
  { program }: CodeStep,
  keys: RunKeys,
  signal: AbortSignal,
): Promise<Performed> {
  const { ports, tenant } = deps
  // An execution's end is its last event, however late a program prints.
  const emit = (event: NewEvent) => {
    if (!isSettled(run.state.status)) run.emit(event, new Date(ports.now()).toISOString())
  }
  const logs = new LogBatch((stream, message) => {
    emit({
      type: "node.log",
      ...place,
      data: { level: stream === "stdout" ? "info" : "warning", message, stream },
    })
    deps.stream(run)
  })
  try {
    const call = { program, tenant: tenant(), execution_id: run.id, ...keys }
    const { result } = await ports.runProgram(call, signal, (stream, text) => logs.add(stream, text))
    return { output: result, handles: ["out"] }
  } catch (error) {
    const fault = faultOf(signal.aborted && signal.reason instanceof DOMException ? signal.reason : error)
    throw Object.assign(new Error(fault.message), fault)
  } finally {
    logs.flush()
  }
}
