import { Problem } from "#core/contract/problem"
import { Failure, failures, type FailureCode } from "#core/errors"

const isKnown = (code: string): code is FailureCode => Object.hasOwn(failures, code)

/** Turns a problem document back into the `Failure` it was made from; anything else is said as well as it can be. */
export async function failureOf(response: Response): Promise<Failure> {
  const retryAfterSeconds = Number(response.headers.get("retry-after")) || undefined
  const problem = Problem.safeParse(await response.json().catch(() => null))
  if (!problem.success) {
    return new Failure("internal", {
      detail: `The server answered ${response.status} without saying why.`,
      requestId: response.headers.get("x-request-id") ?? undefined,
      retryAfterSeconds,
    })
  }
  const { code, detail, errors, request_id: requestId } = problem.data
  return new Failure(isKnown(code) ? code : "internal", { detail, errors, requestId, retryAfterSeconds })
}
