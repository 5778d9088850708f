import type { Problem } from "#core/contract/problem"
import { Failure, failures } from "#core/errors"
import { faultOf } from "#worker/db/fault"

const titles: Record<number, string> = {
  400: "Bad request",
  401: "Not signed in",
  402: "Payment required",
  403: "Not allowed",
  404: "Not found",
  405: "Method not allowed",
  406: "Not acceptable",
  408: "Too slow",
  409: "Conflict",
  412: "Changed meanwhile",
  413: "Too large",
  415: "Unsupported media type",
  422: "Cannot be processed",
  429: "Too many requests",
  500: "Internal error",
  503: "Unavailable",
  504: "Not ended in time",
}

/** Ours, a storage trouble that passes, or something nobody foresaw: that one is logged, and told without its inside. */
export function failureOf(error: unknown, requestId: string): Failure {
  const known = error instanceof Failure ? error : faultOf(error)
  if (known && known.code !== "internal") return known
  const cause =
    error instanceof Error
      ? {
          message: error.message,
          stack: error.stack,
          cause: error.cause instanceof Error ? error.cause.message : undefined,
        }
      : { message: String(error) }
  console.error(JSON.stringify({ level: "error", event: "request.failed", request_id: requestId, ...cause }))
  return new Failure("internal")
}

/** A failure as RFC 9457 asks. */
export function problemResponse(failure: Failure, requestId: string): Response {
  const { status, retry } = failures[failure.code]
  const { errors, retryAfterSeconds, more, headers: further = {} } = failure.more
  const problem: Problem = {
    ...more,
    type: `/docs/errors#${failure.code}`,
    title: titles[status] ?? "Failure",
    status,
    detail: failure.message,
    code: failure.code,
    request_id: requestId,
    ...(errors ? { errors } : {}),
  }
  const headers = new Headers({
    "content-type": "application/problem+json; charset=utf-8",
    "cache-control": "no-store",
    ...further,
  })
  if (Array.isArray(more?.["allow"])) headers.set("allow", more["allow"].join(", "))
  if (status === 401) headers.set("www-authenticate", 'Bearer realm="edgecrew"')
  if (retryAfterSeconds !== undefined || (retry && status !== 500)) {
    headers.set("retry-after", String(Math.max(1, Math.ceil(retryAfterSeconds ?? 1))))
  }
  return new Response(JSON.stringify(problem), { status, headers })
}
