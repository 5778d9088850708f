import type { ModelCall } from "#core/llm/call"
import type { ModelEvent } from "#core/llm/event"
import type { ExecutionSummary } from "#core/contract/executions"
import type { TenantId } from "#core/ids"
import type { Micros } from "#core/money"
import type { Usage } from "#core/execution/event"

/** Which tenant an object works for; the Worker passes it with every call, and the object keeps it. */
export type TenantRef = { id: TenantId; slot: string }

export type ModelRequest = {
  tenant: TenantRef
  /** The provider that the node names; the tenant's default when it names none. */
  provider_id: string | undefined
  /** The model that the node names; the provider's default when it names none. */
  model: string | undefined
  call: Omit<ModelCall, "model">
  /** Sent to receivers that honour it, the same for every retry of one attempt group. */
  idempotency_key: string
}

export type ModelChoice = { provider_type: string; provider_id: string | undefined; model: string }

/** What an execution asks of the outside world. The Worker supplies it. */
export interface ExecutionPorts {
  /**
   * Streams a model's answer. `chosen` is told which provider and model were resolved before anything is sent.
   * Throws a ModelFailure; aborting the signal closes the vendor's connection.
   */
  callModel(
    request: ModelRequest,
    signal: AbortSignal,
    chosen: (choice: ModelChoice) => void,
  ): AsyncIterable<ModelEvent>
  /** What a call cost, by the price table. */
  price(choice: ModelChoice, usage: Usage): Micros
  /** Writes the index rows of executions into the tenant's database; called again with the same rows after a failure. */
  record(tenant: TenantRef, rows: ExecutionSummary[]): Promise<void>
  now(): number
}
