import type { ExecutionEvent } from "#core/execution/event"
import type { ChatMessage, ChatSession } from "#core/contract/chat"
import type { Outcome } from "#core/errors"
import type { Said } from "#core/chat/branch"
import type { AgentId, CrewId, ExecutionId, FlowId, MessageId, TenantId } from "#core/ids"
import type { Json } from "#core/json"
import type { Pass } from "#durable/kit/pass"

/** Whose chat it is. */
export type TenantRef = { id: TenantId; slot: string }

/** By whom a message was written, as far as an execution needs to know: `user_…` or `key_…`. */
export type AuthorId = string

export type Partner = { is: "agent"; id: AgentId } | { is: "crew"; id: CrewId } | { is: "flow"; id: FlowId }

/** An execution to be begun for an answer. */
export type Begin = {
  partner: Partner
  message: string
  history: Said[]
  /** What the attached flow came to. */
  attached?: Json | undefined
  author: AuthorId
  /** The same key begins one execution, however often it is asked to. */
  key: string
}

/** What leaves a chat for its tenant's database. */
export type ChatRows = { session: SessionRow | undefined; messages: MessageRow[] }
export type SessionRow = ChatSession & { deleted_at: string | null }
export type MessageRow = Pick<ChatMessage, "id" | "content" | "created_at"> & { chat_id: ChatSession["id"] }

/** What a chat asks of the outside world. The Worker supplies it. */
export type ChatPorts = {
  /** Begins an execution. A refusal that may pass is one whose code may be retried. */
  begin(tenant: TenantRef, wanted: Begin): Promise<Outcome<{ id: ExecutionId; name: string }>>
  /** An execution's journal after an event, page by page as it grows, to its end; throws when it breaks off. */
  events(tenant: TenantRef, execution: ExecutionId, after: number): AsyncIterable<readonly ExecutionEvent[]>
  /** Asks for an execution's end; one that has ended is left as it is. */
  cancel(tenant: TenantRef, execution: ExecutionId, actor: AuthorId): Promise<void>
  /** Writes index rows into the tenant's database; called again with the same rows after a failure. */
  record(tenant: TenantRef, rows: ChatRows): Promise<void>
  /** Which of those who read along by a socket may still do so, in their order. */
  mayStay(tenant: TenantRef, passes: readonly Pass[]): Promise<boolean[]>
  now(): number
}

export type NewMessage = {
  id: MessageId
  content: string
  author: AuthorId
  to_agent_id: AgentId | null
  attached_flow_id: FlowId | null
  /** Absent: it follows the newest message. */
  parent_id?: MessageId | undefined
}
