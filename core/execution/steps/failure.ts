/** Why a step cannot be done, found while it was being prepared: a stable code and what to do about it. */
export class StepFailure extends Error {
  readonly code: string
  readonly retry: boolean

  constructor(code: string, message: string, retry = false) {
    super(message)
    this.code = code
    this.retry = retry
  }
}
