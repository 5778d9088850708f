import type { NewEvent } from "#core/execution/event"
import type { Performed } from "#core/execution/perform"
import { isSettled } from "#core/execution/status"
import type { HttpStep } from "#core/execution/steps/http"
import type { ActiveExecution } from "./active.ts"
import type { StepDeps } from "./step-deps.ts"
import { faultOf } from "./fault.ts"

type Place = { node_id: string; scope?: string; attempt: number }

/** Sends one request for one attempt of a step; what it came to is the status, the headers and the body. */
export async function sendHttp(
  { ports, tenant }: StepDeps,
  run: ActiveExecution,
  place: Place,
  step: HttpStep,
  idempotencyKey: string,
  signal: AbortSignal,
): Promise<Performed> {
  const begun = ports.now()
  // An execution's end is its last event, however late an address answers.
  const emit = (event: NewEvent) => {
    if (!isSettled(run.state.status)) run.emit(event, new Date(ports.now()).toISOString())
  }
  const { method, url, query, headers, body, credential_id } = step
  emit({
    type: "http.started",
    ...place,
    data: { method, url: withoutQuery(url), idempotency_key: idempotencyKey },
  })
  try {
    const reply = await ports.callHttp(
      { tenant: tenant(), method, url, query, headers, body, credential_id, idempotency_key: idempotencyKey },
      signal,
    )
    emit({ type: "http.finished", ...place, data: { status: reply.status, latency_ms: ports.now() - begun } })
    return { output: { status: reply.status, headers: reply.headers, body: reply.body }, handles: ["out"] }
  } catch (error) {
    const fault = faultOf(signal.aborted && signal.reason instanceof DOMException ? signal.reason : error)
    emit({
      type: "http.failed",
      ...place,
      data: { error: { code: fault.code, message: fault.message }, latency_ms: ports.now() - begun },
    })
    throw Object.assign(new Error(fault.message), fault)
  }
}

/** Queries often hold keys; the journal of the call does without. */
const withoutQuery = (url: string): string => url.split(/[?#]/, 1)[0]!
