import type { TenantId } from "#core/ids"
import type { ProgramRequest, ProgramStream } from "#core/tool/program"

/** One program to run, with its secrets in it. */
export type Job = {
  program: ProgramRequest
  tenant: TenantId
  /** See `ProgramCall`. */
  run_key: string
  idempotency_key: string
}

export type Print = (stream: ProgramStream, text: string) => void

/** A file that a program left behind. */
export type LeftFile = { path: string; bytes: Uint8Array<ArrayBuffer> }

/** What a program came to: its result as it stands, still to be judged, and the files that it left. */
export type Ended = { result: unknown; files: readonly LeftFile[] }

/**
 * A place where programs are run. Throws a ProgramFailure; when the signal is aborted, the signal's reason, after the program's end
 * was confirmed or can no longer be hoped for.
 */
export interface ProgramPlace {
  run(job: Job, signal: AbortSignal, print: Print): Promise<Ended>
}

/** Bytes of a result: it becomes a step's output. */
export const mostResultBytes = 1_048_576
