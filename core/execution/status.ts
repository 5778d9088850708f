import * as z from "zod"

export const ExecutionStatus = z.enum([
  "queued",
  "running",
  "waiting",
  "cancelling",
  "succeeded",
  "failed",
  "cancelled",
  "timed_out",
  "needs_attention",
])
export type ExecutionStatus = z.infer<typeof ExecutionStatus>

const settled: ReadonlySet<ExecutionStatus> = new Set(["succeeded", "failed", "cancelled", "timed_out"])

/** Nothing will happen in it any more. */
export const isSettled = (status: ExecutionStatus): boolean => settled.has(status)

/** `retry` may begin it anew. */
export const isRetryable = (status: ExecutionStatus): boolean => isSettled(status) && status !== "succeeded"

export const NodeStatus = z.enum([
  "ready",
  "running",
  "retrying",
  "succeeded",
  "failed",
  "skipped",
  "cancelled",
])
export type NodeStatus = z.infer<typeof NodeStatus>
