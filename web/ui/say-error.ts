import { Failure, failures } from "#core/errors"

/** What any thrown thing says to a person. */
export function sayError(error: unknown): {
  title: string
  detail: string
  code?: string
  requestId?: string | undefined
} {
  if (error instanceof Failure) {
    const say: string = failures[error.code].say
    const detail = error.more.detail ?? say
    return {
      title: detail === say ? "This did not work" : say,
      detail,
      code: error.code,
      requestId: error.more.requestId,
    }
  }
  if (error instanceof TypeError && /fetch|network|load failed/i.test(error.message)) {
    return { title: "The server cannot be reached", detail: "Check your connection; nothing was lost." }
  }
  return {
    title: "Something went wrong on this page",
    detail: error instanceof Error ? error.message : String(error),
  }
}
