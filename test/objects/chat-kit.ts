import { env } from "cloudflare:workers"
import type { ChatEvent, ChatMessage, ChatSession } from "#core/contract/chat"
import { unwrap } from "#core/errors"
import { newId, type AgentId, type ChatId, type MessageId, type TenantId } from "#core/ids"
import type { NewMessage } from "#durable/chat/ports"
import type { ChatRoom } from "#worker/stubs"
import { chatWorldOf, type ChatWorld } from "./chat-world.ts"
import { chance, until } from "./kit.ts"

const { CHAT } = env as unknown as { CHAT: DurableObjectNamespace }
export const agent = newId<AgentId>("agent", 1, chance)

export class Room {
  readonly tenant = { id: newId<TenantId>("tenant", Date.now(), chance), slot: "TENANT_DB_000" }
  readonly world: ChatWorld = chatWorldOf(this.tenant.id)
  readonly id = newId<ChatId>("chat", Date.now(), chance)
  readonly name = CHAT.idFromName(`${this.tenant.id}/${this.id}`)

  get stub() {
    return CHAT.get(this.name)
  }
  get room(): ChatRoom {
    return this.stub as unknown as ChatRoom
  }

  async open(more: Partial<ChatSession> = {}): Promise<this> {
    const session: ChatSession = {
      id: this.id,
      title: "New chat",
      agent_id: agent,
      crew_id: null,
      flow_id: null,
      partner: "Ada",
      settings: { busy: "queue" },
      status: "idle",
      message_count: 0,
      cost_micros: 0,
      share_url: null,
      created_by: "user_x",
      created_at: "2026-11-21T12:00:00.000Z",
      updated_at: "2026-11-21T12:00:00.000Z",
      ...more,
    }
    unwrap(await this.room.open(this.tenant, session, false))
    return this
  }

  async send(content: string, more: Partial<NewMessage> = {}): Promise<MessageId> {
    const id = newId<MessageId>("msg", Date.now(), chance)
    const message = { id, content, author: "user_x", to_agent_id: null, attached_flow_id: null, ...more }
    return unwrap(await this.room.send(message)).message_id
  }

  async messages(): Promise<ChatMessage[]> {
    return unwrap(await this.room.messages({}, 500)).messages.toReversed()
  }

  async answers(): Promise<ChatMessage[]> {
    return (await this.messages()).filter(({ role }) => role === "assistant")
  }

  idle = () => until(async () => unwrap(await this.room.get()).status === "idle")
  status = async (n = -1) => (await this.answers()).at(n)?.status

  async *stream(after: number, audience = "all"): AsyncGenerator<ChatEvent, void> {
    const response = await this.room.fetch(new Request(`https://chat/${audience}?after=${after}`))
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
    let text = ""
    try {
      for (;;) {
        const { done, value } = await reader.read()
        if (done) return
        text += value
        for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
          const data = /^data: (.*)$/m.exec(text.slice(0, end))
          text = text.slice(end + 2)
          if (data) yield JSON.parse(data[1]!) as ChatEvent
        }
      }
    } finally {
      await reader.cancel()
    }
  }
}

export const room = (more?: Partial<ChatSession>) => new Room().open(more)
