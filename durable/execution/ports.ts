import type { Pass } from "#durable/kit/pass"
import type { ModelCall } from "#core/llm/call"
import type { ModelEvent } from "#core/llm/event"
import type { AppliedPrice } from "#core/llm/price"
import type { Approval } from "#core/contract/approvals"
import type { ExecutionSummary } from "#core/contract/executions"
import type { ExecutionId, TenantId } from "#core/ids"
import type { Json, JsonObject } from "#core/json"
import type { SpendPath } from "#core/governor/budget"
import type { Micros } from "#core/money"
import type { StepError, Usage } from "#core/execution/event"
import type { ExecutionStatus } from "#core/execution/status"
import type { CredentialUse } from "#core/execution/uses"
import type { Span } from "#core/trace/span"
import type { EntryPort } from "./entry-port.ts"
import type { CallHttp } from "./http-port.ts"
import type { CallMcp } from "./mcp-port.ts"
import type { RunProgram } from "./program-port.ts"

/** Which tenant an object works for; the Worker passes it with every call, and the object keeps it. */
export type TenantRef = { id: TenantId; slot: string }

export type ModelRequest = {
  tenant: TenantRef
  /** The provider that the node names; the tenant's default when it names none. */
  provider_id: string | undefined
  /** The model or alias that the node names; the provider's default when it names none. */
  model: string | undefined
  call: Omit<ModelCall, "model">
  /** Which budgets bear it, beside those of its provider and of the tenant. */
  path?: SpendPath | undefined
  /** Sent to receivers that honour it, the same for every retry of one attempt group. */
  idempotency_key: string
}

export type ModelChoice = {
  provider_type: string
  provider_id: string | undefined
  model: string
  /** The alias by which it was chosen. */
  alias?: string | undefined
  /** What its tokens are paid by; undefined when nobody has said what they cost. */
  price?: AppliedPrice | undefined
}

/** What a call has cost so far; undefined while nothing has come of it. */
export type Spent = () => Usage | undefined

/** What leaves an object for its tenant's database. */
export type IndexRows = {
  executions: ExecutionSummary[]
  approvals: Approval[]
  spans: Span[]
  /** For the audit log. One that comes again is the same to the letter, and is kept once. */
  uses: CredentialUse[]
}

/** An execution that has ended, as those who follow it are told. */
export type Ended = {
  execution_id: ExecutionId
  flow_id: string
  flow_name: string
  status: ExecutionStatus
  inputs: JsonObject
  outputs: Json | undefined
  error: StepError | undefined
  actor: string
  depth: number
  /** The flow that is started when this one fails. */
  error_flow_id: string | undefined
}

/** What a signed address is for. */
export type AddressPurpose = "callback" | "approval"

/** What an execution asks of the outside world. The Worker supplies it. */
export interface ExecutionPorts {
  /**
   * Streams a model's answer. `chosen` is told which provider and model were resolved before anything is sent, and how to learn at
   * any time what this request costs, whatever becomes of it; `finished` has the same in its `usage`. `failed` is told when that
   * one did not answer and another is tried; then what was streamed so far is void, and `chosen` comes again. Throws a
   * ModelFailure; aborting the signal closes the vendor's connection.
   */
  callModel(
    request: ModelRequest,
    signal: AbortSignal,
    chosen: (choice: ModelChoice, spent?: Spent) => void,
    failed?: (choice: ModelChoice, error: StepError) => void,
  ): AsyncIterable<ModelEvent>
  /** What a call cost, by the price table. */
  price(choice: ModelChoice, usage: Usage): Micros
  /** Sends one request through the egress guard; see `CallHttp` for what it throws. */
  callHttp: CallHttp
  /** Calls a tool of an MCP server through the egress guard; see `CallMcp` for what it throws. */
  callMcp: CallMcp
  /** Runs a program where programs are run, and nowhere else; see `RunProgram` for what it throws. */
  runProgram: RunProgram
  /**
   * Takes an agent's next place among its questions of a minute, wherever it works, and answers when that is, in ms since 1970. Places
   * outlast a restart; one that was taken and not used is lost.
   */
  agentTurn(tenant: TenantRef, agentId: string, perMinute: number): Promise<number>
  /** Who counts how many executions the tenant begins and has under way. */
  entry: EntryPort
  /** What agents and crews remember; both may be asked again after a crash, and nothing is remembered twice. */
  memory: AgentMemory
  /** A token that nobody else can make, for one step of one execution. */
  addressToken(purpose: AddressPurpose, tenant: TenantRef, id: ExecutionId, key: string): Promise<string>
  /** Starts what follows an execution that has ended; called again with the same after a failure. */
  follow(tenant: TenantRef, ended: Ended): Promise<void>
  /** Writes index rows into the tenant's database; called again with the same rows after a failure. */
  record(tenant: TenantRef, rows: IndexRows): Promise<void>
  /** Where journals go that are out of use. */
  archive: JournalArchive
  /** After how many days they go there; 0 keeps them. */
  journalDays(): number
  /** Whether nothing is to be begun now, since the tenant is suspended; a promise where it must be looked up. */
  isHeld(tenant: TenantRef): boolean | Promise<boolean>
  /** Which of those who watch by a socket may still do so, in their order. */
  mayStay(tenant: TenantRef, passes: readonly Pass[]): Promise<boolean[]>
  now(): number
}

/** What an agent or a crew (by its id) remembers from one execution to the next. */
export interface AgentMemory {
  /** What fits a question best, first. */
  recall(tenant: TenantRef, holder: string, text: string, most: number): Promise<Remembered[]>
  /** Keeps something, with where it was learned and who had begun that. */
  remember(tenant: TenantRef, holder: string, text: string, learned: LearnedIn): Promise<void>
}

/** The execution in which something was learned, and who had begun it. */
export type LearnedIn = { execution_id: ExecutionId; actor: string }
export type Remembered = { text: string; created_at: string }

/** A store of large texts by name. */
export interface JournalArchive {
  put(name: string, text: string): Promise<void>
  get(name: string): Promise<string | undefined>
  delete(name: string): Promise<void>
}
