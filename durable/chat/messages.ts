import type { ChatMessage } from "#core/contract/chat"
import type { MessageId } from "#core/ids"
import type { NewMessage } from "./ports.ts"

const blank = {
  execution_id: null,
  steps: [],
  error: null,
  input_tokens: 0,
  output_tokens: 0,
  cost_micros: 0,
  feedback: null,
}

/** What a person wrote. */
export const personsMessage = (
  { id, content, author, to_agent_id, attached_flow_id }: NewMessage,
  parent_id: MessageId | null,
  at: string,
): ChatMessage => ({
  ...blank,
  id,
  parent_id,
  role: "user",
  content,
  status: "done",
  author,
  to_agent_id,
  attached_flow_id,
  created_at: at,
  finished_at: at,
})

/** An answer of which nothing is there yet. */
export const blankAnswer = (id: MessageId, asked: ChatMessage, author: string, at: string): ChatMessage => ({
  ...blank,
  id,
  parent_id: asked.id,
  role: "assistant",
  content: "",
  status: "queued",
  author,
  to_agent_id: asked.to_agent_id,
  attached_flow_id: asked.attached_flow_id,
  created_at: at,
  finished_at: null,
})
