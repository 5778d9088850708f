import { failures, type Failure, type FailureCode } from "#core/errors"
import { ModelFailure, type ModelFailureCode } from "#core/llm/failure"

/** A failure as clients of OpenAI's API take it: they go by the status, and show the message. */
export type Refusal = {
  status: number
  error: { message: string; type: string; param: string | null; code: string }
  retryAfterSeconds?: number | undefined
}

const statuses: Record<ModelFailureCode, number> = {
  "model.overloaded": 503,
  "model.rate_limited": 429,
  // The vendor's no to our key is nothing that the client's own key could mend.
  "model.unauthorized": 502,
  "model.not_found": 404,
  "model.bad_request": 400,
  "model.timeout": 504,
  "model.stream_broken": 502,
  "model.bad_output": 502,
  "model.unreachable": 502,
  "egress.refused": 502,
}

/** Codes that clients know by OpenAI's names. */
const known: Partial<Record<FailureCode | ModelFailureCode, string>> = {
  "auth.required": "invalid_api_key",
  "auth.invalid": "invalid_api_key",
  "model.not_found": "model_not_found",
  "agent.not_found": "model_not_found",
  "crew.not_found": "model_not_found",
  "model.rate_limited": "rate_limit_exceeded",
  "rate.limited": "rate_limit_exceeded",
  "budget.exceeded": "insufficient_quota",
  "quota.full": "insufficient_quota",
  "quota.exceeded": "rate_limit_exceeded",
}

const typeOf = (status: number): string => {
  if (status === 401) return "authentication_error"
  if (status === 403) return "permission_error"
  if (status === 429) return "rate_limit_error"
  return status >= 500 ? "server_error" : "invalid_request_error"
}

export function refusalOf(failure: Failure | ModelFailure): Refusal {
  const { code } = failure
  if (failure instanceof ModelFailure) {
    const status = statuses[failure.code]
    const retryAfterSeconds = failure.retry_after_ms === undefined ? undefined : failure.retry_after_ms / 1000
    return { status, error: said(failure.message, status, null, code), retryAfterSeconds }
  }
  const { status } = failures[failure.code]
  const [fault] = failure.more.errors ?? []
  const message = fault ? `${fault.path}: ${fault.message}` : failure.message
  const { retryAfterSeconds } = failure.more
  return { status, error: said(message, status, fault?.path ?? null, code), retryAfterSeconds }
}

const said = (
  message: string,
  status: number,
  param: string | null,
  code: FailureCode | ModelFailureCode,
) => ({
  message,
  type: typeOf(status),
  param,
  code: known[code] ?? code,
})

/** The failure of an execution, of which only code and words have come down to us. */
export const failedExecution = (code: string, message: string): Refusal => ({
  status: 502,
  error: { message, type: "server_error", param: null, code },
})
