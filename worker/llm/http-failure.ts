import { ModelFailure, type ModelFailureCode } from "#core/llm/failure"
import { beginningOf, retryAfter as waitOf } from "#worker/egress/answer"
import { EgressRefused } from "#worker/egress/refused"
import { redacted } from "./redact.ts"

/** What a vendor's error says of itself: OpenAI's shape and the plainer ones of compatible servers. */
export type VendorError = { message?: string; code?: string; type?: string }

const mostErrorCharacters = 16_384
const longestWaitMs = 3_600_000

/** The failure of an answer that is not 2xx. Reads a little of its body and lets go of the rest. */
export async function failureOfResponse(
  response: Response,
  secrets: readonly (string | undefined)[],
  now: number,
): Promise<ModelFailure> {
  const error = vendorError(await beginningOf(response, mostErrorCharacters))
  return failureOfError(response.status, error, secrets, retryAfter(response.headers, now))
}

/** The failure that a status and a vendor's error mean. */
export function failureOfError(
  status: number | undefined,
  error: VendorError,
  secrets: readonly (string | undefined)[],
  retry_after_ms?: number,
): ModelFailure {
  const code = codeOf(status, error)
  // A refusal often repeats part of the key; our own sentence says enough.
  if (code === "model.unauthorized") return new ModelFailure(code)
  const said = error.message ? redacted(error.message, secrets) : ""
  const where = status === undefined ? "" : ` (HTTP ${status})`
  // Spent credit comes as "too many requests" but does not pass by waiting.
  const spent = /insufficient_quota|billing|credit/i.test(`${error.code ?? ""} ${error.type ?? ""}`)
  return new ModelFailure(code, {
    message: said ? `The model provider answered${where}: ${said}` : undefined,
    retry: code === "model.rate_limited" && spent ? false : undefined,
    retry_after_ms,
  })
}

function codeOf(
  status: number | undefined,
  { code = "", type = "", message = "" }: VendorError,
): ModelFailureCode {
  // In the middle of a stream some vendors put the status where others put a word.
  if (status === undefined && /^[45]\d\d$/.test(code)) return codeOf(Number(code), { type, message })
  const named = `${code} ${type}`.toLowerCase()
  if (status === 401 || status === 403 || /invalid_api_key|authentication|permission_error/.test(named))
    return "model.unauthorized"
  // Google has no 401 for a wrong key.
  if (status === 400 && /\bapi key\b.{0,20}\b(?:not valid|invalid|expired)\b/i.test(message))
    return "model.unauthorized"
  if (status === 429 || /rate_limit|insufficient_quota|too_many_requests/.test(named))
    return "model.rate_limited"
  if (status === 404 || /model_not_found|not_found_error/.test(named)) return "model.not_found"
  if (status === 408 || status === 504 || /timeout/.test(named)) return "model.timeout"
  if (status === 400 && /model\b.{0,60}(?:does not exist|not found)/i.test(message)) return "model.not_found"
  if (status !== undefined && status >= 500) return "model.overloaded"
  if (status !== undefined && status >= 300) return "model.bad_request"
  return /overloaded|server_error|internal|unavailable/.test(named)
    ? "model.overloaded"
    : "model.stream_broken"
}

/** How long a vendor asks us to wait. */
export const retryAfter = (headers: Headers, now: number): number | undefined =>
  waitOf(headers, now, longestWaitMs)

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null

/** Reads `{ error: { message, code, type } }`, `{ error: "…" }` and `{ message }`; anything else is no message. */
export function vendorError(body: string): VendorError {
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch {
    return {}
  }
  const error = isObject(value) && value["error"] !== undefined ? value["error"] : value
  return typeof error === "string" ? { message: error } : readError(error)
}

export function readError(error: unknown): VendorError {
  if (!isObject(error)) return {}
  const text = (key: string) =>
    typeof error[key] === "string" || typeof error[key] === "number" ? String(error[key]) : undefined
  const [message, code, type] = [
    text("message") ?? text("detail"),
    text("code"),
    text("type") ?? text("status"),
  ]
  return { ...(message && { message }), ...(code && { code }), ...(type && { type }) }
}

/** What a `fetch` or a body that threw means, also when a library has wrapped it. Aborts stay what they are. */
export function failureOfFetch(error: unknown): unknown {
  let cause = error
  for (let depth = 0; cause instanceof Error && depth < 5; depth++) {
    if (cause instanceof ModelFailure) return cause
    if (cause instanceof EgressRefused) return new ModelFailure("egress.refused", { message: cause.message })
    if (cause.name === "TimeoutError") return new ModelFailure("model.timeout")
    if (cause.name === "AbortError") return cause
    cause = cause.cause
  }
  return new ModelFailure("model.unreachable")
}
