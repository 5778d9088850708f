/** Every way in which a model call fails. `retry` says whether the same call may succeed later. */
export const modelFailures = {
  "model.overloaded": { retry: true, say: "The model provider is busy or has an error of its own." },
  "model.rate_limited": { retry: true, say: "The model provider takes no more calls for the moment." },
  "model.unauthorized": { retry: false, say: "The model provider refused the API key." },
  "model.not_found": { retry: false, say: "The model provider knows no such model or address." },
  "model.bad_request": { retry: false, say: "The model provider refused the call as it is." },
  "model.timeout": { retry: true, say: "The model did not answer in time." },
  "model.stream_broken": { retry: true, say: "The answer of the model broke off." },
  "model.bad_output": { retry: true, say: "The answer of the model does not fit the output schema." },
  "model.unreachable": { retry: true, say: "The model provider cannot be reached." },
  "egress.refused": { retry: false, say: "This address may not be called from here." },
} as const satisfies Record<string, { retry: boolean; say: string }>

export type ModelFailureCode = keyof typeof modelFailures

type More = { message?: string | undefined; retry?: boolean | undefined; retry_after_ms?: number | undefined }

/** Why a model call failed, in our words. Never carries a key, a request or a vendor's error object. */
export class ModelFailure extends Error {
  readonly code: ModelFailureCode
  readonly retry: boolean
  readonly retry_after_ms: number | undefined

  constructor(code: ModelFailureCode, { message, retry, retry_after_ms }: More = {}) {
    super(message ?? modelFailures[code].say)
    this.name = "ModelFailure"
    this.code = code
    this.retry = retry ?? modelFailures[code].retry
    this.retry_after_ms = retry_after_ms
  }
}
