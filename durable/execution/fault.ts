import type { StepFault } from "#core/execution/retry"

/** Messages of vendors may be of any length; index rows leave five hundred at a time, for a database that takes 2 MB. */
const mostMessage = 1_000

/** What went wrong in a step, from whatever was thrown: failures of ours carry a code; anything else is a fault of the engine. */
export function faultOf(error: unknown): StepFault {
  if (isCoded(error)) {
    const after = typeof error.retry_after_ms === "number" ? { retry_after_ms: error.retry_after_ms } : {}
    return {
      code: error.code,
      message: error.message.slice(0, mostMessage),
      retry: error.retry === true,
      ...after,
    }
  }
  if (error instanceof DOMException && error.name === "TimeoutError") {
    return { code: "step.timeout", message: "The step took longer than its time limit.", retry: true }
  }
  if (error instanceof DOMException && error.name === "AbortError") {
    return { code: "step.cancelled", message: "The step was cancelled.", retry: false }
  }
  console.error("execution: a step failed without a code", {
    error: error instanceof Error ? (error.stack ?? error.message) : String(error),
  })
  return { code: "step.failed", message: "The step failed for a reason on our side.", retry: false }
}

type Coded = Error & { code: string; retry?: unknown; retry_after_ms?: unknown }

const isCoded = (error: unknown): error is Coded =>
  error instanceof Error &&
  !(error instanceof DOMException) &&
  "code" in error &&
  typeof error.code === "string" &&
  error.code.includes(".")
