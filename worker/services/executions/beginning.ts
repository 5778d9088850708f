import type { StartRequest } from "#durable/execution/messages"
import type { Frozen } from "./frozen.ts"

export type StartOptions = {
  waitMs: number
  /** Where the outside reaches this installation, for addresses in expressions. */
  origin?: string | undefined
  /** How many flows started each other before this one. */
  depth?: number | undefined
  /** The request's Idempotency-Key with a digest of what it asks for. */
  idempotency?: { key: string; digest: string } | undefined
}

/** What an execution begins with, beside its flow. */
export type Given = Pick<
  StartRequest,
  | "inputs"
  | "timeout_ms"
  | "pinned"
  | "retry_of"
  | "fork_of"
  | "replay_of"
  | "stop_after"
  | "seed"
  | "recorded"
  | "concurrency_key"
  | "origin"
  | "depth"
>
/** What a new execution begins with, beside its graph. */
export type Beginning = StartOptions & Given
/** A graph that was checked and frozen. */
export type Pinned = Pick<Frozen, "definition" | "graph" | "followed"> & { flow: StartRequest["flow"] }
