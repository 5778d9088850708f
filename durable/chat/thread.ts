import type { ChatMessage, ChatSession } from "#core/contract/chat"
import { reduceMessage } from "#core/chat/reduce"
import type { MessageId } from "#core/ids"
import { statusOf } from "./log.ts"
import type { ChatNews, ChatStore } from "./store.ts"

type Deps = {
  store: ChatStore
  /** One write, or none of it. */
  atomically: (write: () => void) => void
  /** Says that the log has grown. */
  tell: () => void
  /** Says that something is to leave for the database. */
  depart: () => void
  stamp: () => string
}

/** What is said in a chat, as memory and storage both have it: written first, then told. */
export class Thread {
  private readonly deps: Deps
  /** Answers under way, as far as they are written. */
  private readonly live = new Map<MessageId, ChatMessage>()

  constructor(deps: Deps) {
    this.deps = deps
  }

  message(id: MessageId): ChatMessage | undefined {
    return this.live.get(id) ?? this.deps.store.message(id)
  }

  /** Everything that a write says is told together, once it is written. */
  write(change: () => void): void {
    this.deps.atomically(change)
    this.deps.tell()
    this.deps.depart()
  }

  /** Inside a write: a message that is whole. */
  keep(message: ChatMessage): void {
    this.live.delete(message.id)
    this.deps.store.keepWhole(message)
  }

  /** Inside a write: what happens to a message on its way. */
  add(id: MessageId, news: readonly ChatNews[]): void {
    if (news.length === 0) return
    const before = this.message(id)
    const events = this.deps.store.tell(id, news)
    const first = events[0]!
    const start = before ?? (first.type === "message" ? first.message : undefined)
    if (start) this.live.set(id, events.reduce(reduceMessage, start))
  }

  /** Inside a write: the chat after what has happened. */
  session(change: Partial<ChatSession> = {}, isTitled = false): void {
    const { store, stamp } = this.deps
    const [first] = store.turns()
    const now = store.session()
    const status = statusOf(first && this.message(first.message_id))
    store.saveSession({ ...now, updated_at: stamp(), ...change, status }, isTitled || store.isTitled)
  }
}
