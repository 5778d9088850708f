import type { StepFault } from "#core/execution/retry"

/** Every way in which an http step fails, apart from `http.status_…`. `retry` says whether the same request may succeed later. */
export const httpFailures = {
  "http.bad_url": { retry: false, say: "The address is not one that can be called." },
  "http.bad_request": { retry: false, say: "The request cannot be sent as it is." },
  "http.refused_address": { retry: false, say: "This address may not be called from here." },
  "http.redirect": { retry: false, say: "The server's redirect was not followed." },
  "http.credential_missing": { retry: false, say: "The credential that the node names does not exist." },
  "http.credential_host": { retry: false, say: "The credential may not be sent to this host." },
  "http.too_large": { retry: false, say: "The request or its answer is too large." },
  "http.timeout": { retry: true, say: "The server did not answer in time." },
  "http.network": { retry: true, say: "The server cannot be reached." },
} as const satisfies Record<string, { retry: boolean; say: string }>

type NamedCode = keyof typeof httpFailures
export type HttpFailureCode = NamedCode | `http.status_${number}`

/** Answers that may be better another time (RFC 9110 §15; 425 is RFC 8470, 429 RFC 6585). */
const passing: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504])

/** Why an http step failed, as the engine reads it. The message never holds a secret, a path or a query. */
export class HttpFailure extends Error implements StepFault {
  readonly code: HttpFailureCode
  readonly retry: boolean
  readonly retry_after_ms: number | undefined

  private constructor(code: HttpFailureCode, message: string, retry: boolean, retry_after_ms?: number) {
    super(message)
    this.name = "HttpFailure"
    this.code = code
    this.retry = retry
    this.retry_after_ms = retry_after_ms
  }

  static of(code: NamedCode, message: string = httpFailures[code].say): HttpFailure {
    return new HttpFailure(code, message, httpFailures[code].retry)
  }

  static ofStatus(status: number, message: string, retry_after_ms: number | undefined): HttpFailure {
    return new HttpFailure(`http.status_${status}`, message, passing.has(status), retry_after_ms)
  }
}
