import type { ExecutionId } from "#core/ids"

/** Says in the log what the engine could not do. */
export const failed = (what: string, error: unknown, execution?: ExecutionId): void =>
  console.error(`execution: ${what} failed`, {
    ...(execution ? { execution } : {}),
    error: error instanceof Error ? (error.stack ?? error.message) : String(error),
  })
