import type { Execution, ExecutionNode } from "#core/contract/executions"
import type { LogLine } from "#core/execution/state"
import type { JsonObject, Json } from "#core/json"
import type { ExecutionId } from "#core/ids"
import type { ExecutionStatus } from "#core/execution/status"
import type { StepError } from "#core/execution/event"
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
  idempotency?: { key: string; digest: string } | undefined
  /** How long to wait for the end before answering; 0 answers at once. */
  wait_ms: number
}

export type Started =
  | { is: "definition_missing" }
  | { is: "started"; execution_id: ExecutionId; status: ExecutionStatus; outputs?: Json; error?: StepError }

/** What the execution page reads at once. */
export type ExecutionPage = { execution: Execution; nodes: ExecutionNode[]; logs: LogLine[] }

/** What is needed to begin the same again: the frozen graph, the inputs, the version. */
export type Recalled = Pick<StartRequest, "flow" | "definition" | "inputs" | "timeout_ms"> & {
  graph: string
  pinned: JsonObject
  status: ExecutionStatus
}
