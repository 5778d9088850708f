import type { Execution, ExecutionNode } from "#core/contract/executions"
import type { LogLine } from "#core/execution/state"
import type { JsonObject, Json } from "#core/json"
import type { ExecutionId } from "#core/ids"
import type { ExecutionStatus } from "#core/execution/status"
import type { NewEvent, StepError } from "#core/execution/event"
import type { TenantRef } from "./ports.ts"

/** What the Worker asks an Execution object to begin. */
export type StartRequest = {
  tenant: TenantRef
  execution_id: ExecutionId
  flow: { id: string; name: string; version: number | null }
  /** SHA-256 of the frozen graph's JSON; the object keeps each graph once. */
  definition: string
  /** The graph's JSON; may be left out when this lane was sent it before. Refused with `definition_missing` when it was not. */
  graph?: string | undefined
  actor: string
  inputs: JsonObject
  timeout_ms: number
  pinned?: JsonObject | undefined
  retry_of?: ExecutionId | undefined
  fork_of?: ExecutionId | undefined
  replay_of?: ExecutionId | undefined
  stop_after?: string | undefined
  /** The value that the flow's concurrency limit is counted for; the lane is chosen by it. */
  concurrency_key?: string | undefined
  /** Where the outside reaches this installation. */
  origin?: string | undefined
  depth?: number | undefined
  /** Whether somebody is to be told when it ends: another flow, or the flow for errors. */
  followed?: boolean | undefined
  /** What it takes over from another execution: written after its first event. */
  seed?: NewEvent[] | undefined
  /** Answers that stand in for calls to the outside, by node key. */
  recorded?: Record<string, Recorded> | undefined
  idempotency?: { key: string; digest: string } | undefined
  /** How long to wait for the end before answering; 0 answers at once. */
  wait_ms: number
}

/** What a step came to in the execution that is replayed. */
export type Recorded = { output: Json; handles: string[] } | { error: StepError }

/** Who answers an approval: an actor by its names (id, email address), or whoever holds a signed link. */
export type Answerer = {
  actor: string
  names: string[] | "link"
  /** Known to be somebody else than who started the execution, or the only one who can answer. */
  mayDecide?: boolean
}

export type ApprovalAnswer = { button: string; form?: JsonObject | undefined; by: Answerer }

export type Resolution = { step: string; action: "repeat" | "succeed" | "fail"; output?: Json | undefined }

export type Started =
  | { is: "definition_missing" }
  | { is: "started"; execution_id: ExecutionId; status: ExecutionStatus; outputs?: Json; error?: StepError }

/** What the execution page reads at once. */
export type ExecutionPage = { execution: Execution; nodes: ExecutionNode[]; logs: LogLine[] }

/** What is needed to begin the same again: the frozen graph, the inputs, the version, and how far it came. */
export type Recalled = Pick<StartRequest, "flow" | "definition" | "inputs" | "timeout_ms"> & {
  graph: string
  pinned: JsonObject
  status: ExecutionStatus
  /** For `stateFrom`: records without a prototype do not cross between isolates. */
  state: string
}
