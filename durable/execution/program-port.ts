import type { ExecutionId, TenantId } from "#core/ids"
import type { ProgramAnswer, ProgramRequest, ProgramStream } from "#core/tool/program"

/** One call of a program, for one attempt of a step. */
export type ProgramCall = {
  program: ProgramRequest
  tenant: { id: TenantId; slot: string }
  execution_id: ExecutionId
  /** The key of the step. */
  step: string
  /** Told to the program as `EDGECREW_IDEMPOTENCY_KEY`: the same for every attempt, so that it can do its work once. */
  idempotency_key: string
  /**
   * The same for attempts that the server's stopping cut off: a runner that knows the run goes on with it instead of a second one.
   * Another for each attempt that follows a failure.
   */
  run_key: string
}

/**
 * Runs a program; `log` gets what it prints, as it comes. Throws a ProgramFailure. Aborting the signal ends the program and
 * throws the signal's reason, not before the program's end is confirmed or can no longer be hoped for.
 */
export type RunProgram = (
  call: ProgramCall,
  signal: AbortSignal,
  log: (stream: ProgramStream, text: string) => void,
) => Promise<ProgramAnswer>
