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

const resting: ReadonlySet<ExecutionStatus> = new Set(["waiting", "needs_attention"])

/** Nothing happens in it until a time has come or somebody answers: it needs neither memory nor looking after. */
export const isResting = (status: ExecutionStatus): boolean => resting.has(status)

/** `retry` may begin it anew. */
export const isRetryable = (status: ExecutionStatus): boolean => isSettled(status) && status !== "succeeded"

export const NodeStatus = z.enum([
  "ready",
  "running",
  "retrying",
  /** For a time, a call or a person. */
  "waiting",
  /** It was in flight when the server stopped, and may not be repeated without a person's word. */
  "interrupted",
  "succeeded",
  "failed",
  "skipped",
  "cancelled",
])
export type NodeStatus = z.infer<typeof NodeStatus>

const underWay: ReadonlySet<NodeStatus> = new Set(["ready", "running", "retrying", "waiting", "interrupted"])

/** The node has begun and has not ended. */
export const isUnderWay = (status: NodeStatus): boolean => underWay.has(status)

const done: ReadonlySet<NodeStatus> = new Set(["succeeded", "failed", "skipped"])

/** What comes after the node may go on. */
export const isDone = (status: NodeStatus): boolean => done.has(status)
