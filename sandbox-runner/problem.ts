import type { RunnerProblem } from "../core/contract/sandbox.ts"

const titles = {
  "request.malformed": [400, "The request is not whole."],
  "limits.too_high": [400, "A limit is above what this profile allows."],
  "auth.required": [401, "A signed token is needed."],
  "auth.refused": [401, "This token is not good."],
  "tenant.refused": [403, "This runner serves another tenant."],
  "network.refused": [403, "The token does not allow this destination."],
  "route.unknown": [404, "There is nothing here."],
  "run.unknown": [404, "There is no such run."],
  "method.refused": [405, "This method does not exist here."],
  "runner.other": [409, "The runner has been started anew since."],
  "answer.unknown": [406, "Ask for application/json or application/x-ndjson."],
  "run.gone": [410, "This run has ended and its answer is no longer kept."],
  "body.too_large": [413, "The body is too large."],
  "body.type": [415, "The body must be application/json."],
  "key.reused": [422, "This idempotency key was used for another request."],
  "tenant.busy": [429, "This tenant has as many runs as it may."],
  "runner.fault": [500, "The runner failed."],
  "runner.busy": [503, "The runner is full."],
  "sandbox.unavailable": [503, "Nothing is run here, since isolation is not real."],
} as const

export type ProblemCode = keyof typeof titles

/** A refusal, as the caller hears it: one line of problem+json and its status. */
export class Problem extends Error {
  override name = "Problem"
  readonly code: ProblemCode
  readonly detail: string
  readonly issues: RunnerProblem["issues"]
  readonly headers: Record<string, string>

  constructor(
    code: ProblemCode,
    detail = "",
    more: { issues?: RunnerProblem["issues"]; headers?: Record<string, string> } = {},
  ) {
    super(`${code}: ${detail}`)
    this.code = code
    this.detail = detail
    this.issues = more.issues
    this.headers = more.headers ?? {}
  }

  get status(): number {
    return titles[this.code][0]
  }

  toJson(): RunnerProblem {
    const [status, title] = titles[this.code]
    const body = {
      type: `urn:edgecrew:sandbox:${this.code}`,
      title,
      status,
      code: this.code,
      detail: this.detail,
    }
    return this.issues === undefined ? body : { ...body, issues: this.issues }
  }
}

/** Any error as a refusal; one that is not ours says nothing of its inside. */
export const asProblem = (error: unknown): Problem =>
  error instanceof Problem ? error : new Problem("runner.fault")
