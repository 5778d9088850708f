import type { SpendPath } from "#core/governor/budget"
import type { ModelStep } from "#core/execution/steps/model"
import type { ActiveExecution } from "./active.ts"
import { DeltaBatch } from "./delta-batch.ts"
import { faultOf } from "./fault.ts"
import { ModelAccount, type ModelAnswer, type Place } from "./model-account.ts"
import type { ExecutionPorts, TenantRef } from "./ports.ts"

type Deps = { ports: ExecutionPorts; tenant(): TenantRef; stream(run: ActiveExecution): void }

/**
 * Calls a model for one attempt of a step: each chunk is journaled, then told. Where one target fails and another is tried, the
 * journal has both; what the first one said is void, and paid for.
 */
export async function streamModel(
  deps: Deps,
  run: ActiveExecution,
  place: Place,
  step: ModelStep,
  idempotencyKey: string,
  signal: AbortSignal,
): Promise<ModelAnswer> {
  const { ports } = deps
  const account = new ModelAccount(ports, run, place)
  const deltas = new DeltaBatch((text) => {
    if (signal.aborted) return
    account.said(text)
    deps.stream(run)
  })
  try {
    const request = {
      tenant: deps.tenant(),
      provider_id: step.provider_id,
      model: step.model,
      call: step.call,
      path: pathOf(run, place),
      idempotency_key: idempotencyKey,
    }
    const events = ports.callModel(
      request,
      signal,
      (choice, spent) => account.begun(choice, spent),
      (_, error) => {
        deltas.flush()
        account.failed(error)
        deps.stream(run)
      },
    )
    for await (const event of events) {
      if (event.type === "delta") {
        account.heard()
        deltas.add(event.text)
      } else if (event.type === "finished") {
        deltas.flush()
        account.finished(event)
        return event
      }
    }
    throw Object.assign(new Error("The model's answer broke off before its end."), {
      code: "model.stream_broken",
      retry: true,
    })
  } catch (error) {
    deltas.flush()
    const fault = faultOf(signal.aborted && signal.reason instanceof DOMException ? signal.reason : error)
    account.failed(fault)
    throw Object.assign(new Error(fault.message), fault)
  } finally {
    account.over()
    deltas.stop()
  }
}

/** For whom a question is asked: the execution, and the agent and the crew at whose place it stands. */
function pathOf({ id, plan, state }: ActiveExecution, { scope }: Place): SpendPath {
  const { work, place } = plan.body(scope ?? "")
  return {
    execution_id: id,
    flow_id: state.flow_id,
    agent_id: work?.agent.agent_id,
    crew_id: place.crew?.crew_id,
  }
}
