import type { ExecutionId } from "#core/ids"

/** Why an execution that was asked for an answer has none. */
export class ExecutionFailure extends Error {
  readonly execution: ExecutionId
  readonly code: string

  constructor(execution: ExecutionId, { code, message }: { code: string; message: string }) {
    super(message)
    this.name = "ExecutionFailure"
    this.execution = execution
    this.code = code
  }
}
