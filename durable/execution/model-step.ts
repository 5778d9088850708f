import type { NewEvent, Usage } from "#core/execution/event"
import { isSettled } from "#core/execution/status"
import type { ModelStep } from "#core/execution/steps/model"
import type { ModelEvent } from "#core/llm/event"
import type { ActiveExecution } from "./active.ts"
import { DeltaBatch } from "./delta-batch.ts"
import { faultOf } from "./fault.ts"
import type { ExecutionPorts, ModelChoice, TenantRef } from "./ports.ts"

type Deps = { ports: ExecutionPorts; tenant(): TenantRef; stream(run: ActiveExecution): void }

/** What a model came to in the end. */
export type ModelAnswer = Extract<ModelEvent, { type: "finished" }>

/**
 * Calls a model for one attempt of a step: each chunk is journaled, then told. Where one target fails and another is tried, the
 * journal has both; what the first one said is void.
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
  const begun = ports.now()
  const stamp = () => new Date(ports.now()).toISOString()
  // An execution's end is its last event, however late a model answers.
  const emit = (event: NewEvent) => {
    if (!isSettled(run.state.status)) run.emit(event, stamp())
  }
  let chosen: ModelChoice | undefined
  let firstTokenMs: number | undefined
  const deltas = new DeltaBatch((text) => {
    if (signal.aborted) return
    emit({ type: "model.delta", ...place, data: { text } })
    deps.stream(run)
  })
  try {
    const request = {
      tenant: deps.tenant(),
      provider_id: step.provider_id,
      model: step.model,
      call: step.call,
      idempotency_key: idempotencyKey,
    }
    const events = ports.callModel(
      request,
      signal,
      (choice) => {
        chosen = choice
        firstTokenMs = undefined
        const { provider_type, provider_id, model } = choice
        emit({
          type: "model.started",
          ...place,
          data: { provider_type, ...(provider_id === undefined ? {} : { provider_id }), model },
        })
      },
      (_, error) => {
        deltas.flush()
        emit({ type: "model.failed", ...place, data: { error } })
        deps.stream(run)
      },
    )
    for await (const event of events) {
      if (event.type === "delta") {
        firstTokenMs ??= ports.now() - begun
        deltas.add(event.text)
      } else if (event.type === "finished") {
        deltas.flush()
        emit(
          finished(place, event, {
            cost: chosen ? ports.price(chosen, event.usage) : 0,
            model: chosen?.model ?? "",
            latency: ports.now() - begun,
            firstTokenMs,
          }),
        )
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
    emit({ type: "model.failed", ...place, data: { error: { code: fault.code, message: fault.message } } })
    throw Object.assign(new Error(fault.message), fault)
  } finally {
    deltas.stop()
  }
}

type Measured = { cost: number; model: string; latency: number; firstTokenMs: number | undefined }
type Finished = { finish_reason: string; usage: Usage }
type Place = { node_id: string; scope?: string; attempt: number }

function finished(place: Place, event: Finished, measured: Measured): NewEvent {
  const { cost, model, latency, firstTokenMs } = measured
  const first = firstTokenMs === undefined ? {} : { first_token_ms: firstTokenMs }
  return {
    type: "model.finished",
    ...place,
    data: {
      model,
      finish_reason: event.finish_reason,
      usage: event.usage,
      cost_micros: cost,
      latency_ms: latency,
      ...first,
    },
  }
}
