import type { VisitorEvent, VisitorMessage } from "#core/contract/widget"
import { Refused, type Client } from "./client.ts"

type Tell = {
  /** These messages are new or others than they were; all of them when the chat was read anew. */
  changed: (ids: readonly string[]) => void
  partner: (name: string) => void
}

const firstPauseMs = 500
const longestPauseMs = 15_000

/** A visitor's chat: what was said, and what happens in it while somebody looks. */
export class Conversation {
  readonly messages = new Map<string, VisitorMessage>()
  readonly #client: Client
  readonly #tell: Tell
  #seq = 0
  #isRead = false
  #abort: AbortController | null = null

  constructor(client: Client, tell: Tell) {
    this.#client = client
    this.#tell = tell
  }

  get isBusy(): boolean {
    return [...this.messages.values()].some(({ status }) => status === "answering" || status === "queued")
  }

  /** Follows the chat until `close`; where there is none yet, it begins with the first message. */
  open(): void {
    if (this.#abort || !this.#client.hasChat) return
    this.#abort = new AbortController()
    void this.#follow(this.#abort.signal)
  }

  close(): void {
    this.#abort?.abort()
    this.#abort = null
  }

  async send(content: string): Promise<void> {
    try {
      await this.#sendOnce(content)
    } catch (error) {
      if (!(error instanceof Refused && error.status === 401)) throw error
      // The chat is over, and the visitor is still there: their message begins the next one.
      this.#forget()
      await this.#sendOnce(content)
    }
  }

  stop(): Promise<void> {
    return this.#client.stop()
  }

  async #sendOnce(content: string): Promise<void> {
    if (!this.#client.hasChat) this.#tell.partner((await this.#client.begin()).partner)
    await this.#client.send(content)
    this.open()
  }

  #forget(): void {
    this.close()
    this.#client.forget()
    this.messages.clear()
    this.#seq = 0
    this.#isRead = false
    this.#tell.changed([])
  }

  async #follow(signal: AbortSignal): Promise<void> {
    let pause = firstPauseMs
    while (!signal.aborted) {
      const before = this.#seq
      try {
        if (!this.#isRead) await this.#readAll(signal)
        for await (const event of this.#client.events(this.#seq, signal)) this.#fold(event)
      } catch (error) {
        if (signal.aborted) return
        if (error instanceof Refused && error.status < 500 && error.status !== 429) return this.#forget()
      }
      pause = this.#seq > before ? firstPauseMs : Math.min(pause * 2, longestPauseMs)
      await new Promise((resolve) => setTimeout(resolve, pause))
    }
  }

  async #readAll(signal: AbortSignal): Promise<void> {
    const { messages, last_seq: seq, partner } = await this.#client.messages()
    if (signal.aborted) return
    for (const message of messages.toReversed()) this.messages.set(message.id, message)
    this.#seq = seq
    this.#isRead = true
    this.#tell.partner(partner)
    this.#tell.changed([...this.messages.keys()])
  }

  #fold(event: VisitorEvent): void {
    // A stream that resumes may repeat what was seen.
    if (event.seq <= this.#seq) return
    this.#seq = event.seq
    const id = event.type === "message" ? event.message.id : event.message_id
    const before = this.messages.get(id)
    if (event.type === "message") this.messages.set(id, event.message)
    else if (before) {
      const content = event.type === "delta" ? before.content + event.text : ""
      this.messages.set(id, { ...before, content })
    }
    this.#tell.changed([id])
  }
}
