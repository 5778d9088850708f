import { reduceMessage } from "#core/chat/reduce"
import type { ChatEvent, ChatMessage, ChatSession } from "#core/contract/chat"
import type { MessageId } from "#core/ids"
import type { Twig } from "./tree.ts"

export type MessagePage = { messages: ChatMessage[]; has_more: boolean; last_seq: number }

/** Where a live chat gets its messages from. */
export type ChatSource = {
  session(signal: AbortSignal): Promise<ChatSession>
  /** A page of messages, the last ones first: the last of all, or those before one. */
  page(before: MessageId | undefined, signal: AbortSignal): Promise<MessagePage>
  /** What happens from then on. Ends when the server closes it; throws when the connection breaks. */
  stream(after: number, signal: AbortSignal): AsyncIterable<ChatEvent>
  /** Whether an error is the last word, such as a chat that does not exist. */
  isFinal(error: unknown): boolean
}

export type Link = "loading" | "live" | "reconnecting" | "failed"

type Waits = {
  /** Calls back soon, once: what changed since is told together. */
  soon(tell: () => void): void
  pause(ms: number, signal: AbortSignal): Promise<void>
}

const firstPauseMs = 400
const longestPauseMs = 8_000

/**
 * A chat as its stream tells it. It begins with the last messages and reads earlier ones when somebody scrolls up to them; after
 * a broken connection it goes on after the last event seen, so that no word is missing and none comes twice.
 */
export class LiveChat {
  readonly id: string
  session: ChatSession | null
  link: Link = "loading"
  error: unknown = undefined
  /** There are messages before the first one here. */
  hasMore = false
  /** Those before are being read; an error when they could not be. */
  older: "idle" | "reading" | { error: unknown } = "idle"
  /** Who follows whom, in the order in which it was said; another object when a message came. */
  said: readonly Twig[] = []
  seq = 0

  /** The last messages are here, and the stream goes on behind them. */
  isBegun = false
  #messages = new Map<string, ChatMessage>()
  readonly #source: ChatSource
  readonly #waits: Waits
  readonly #listeners = new Set<() => void>()
  #abort: AbortController | undefined
  #telling = false

  /** What is known of the chat before it was asked for, from a list of chats, lets one write in it at once. */
  constructor(id: string, source: ChatSource, waits: Waits, known: ChatSession | null = null) {
    this.id = id
    this.session = known
    this.#source = source
    this.#waits = waits
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  message(id: string): ChatMessage | undefined {
    return this.#messages.get(id)
  }

  /** Begins or goes on reading; `close` stops it. */
  open(): void {
    if (this.link === "failed") {
      this.close()
      this.link = "loading"
    }
    if (this.#abort) return
    this.#abort = new AbortController()
    void this.#read(this.#abort.signal)
  }

  close(): void {
    this.#abort?.abort()
    this.#abort = undefined
  }

  /** What a request of this page has answered with, ahead of the stream. */
  put(change: { session?: ChatSession; message?: ChatMessage }): void {
    if (change.session) this.session = change.session
    if (change.message) this.#fold({ seq: this.seq, type: "message", message: change.message })
    this.#tell()
  }

  /** Reads the page before the first message here. */
  async readOlder(): Promise<void> {
    const first = this.said[0]
    const signal = this.#abort?.signal
    if (!this.hasMore || !first || !signal || this.older === "reading") return
    this.older = "reading"
    this.#tell()
    try {
      const page = await this.#source.page(first.id, signal)
      const before = page.messages.toReversed().map((one): [string, ChatMessage] => [one.id, one])
      this.#messages = new Map([...before, ...this.#messages])
      this.hasMore = page.has_more && page.messages.length > 0
      this.#reshape()
      this.older = "idle"
    } catch (error) {
      this.older = signal.aborted ? "idle" : { error }
    }
    this.#tell()
  }

  async #read(signal: AbortSignal): Promise<void> {
    let pause = firstPauseMs
    while (!signal.aborted) {
      const before = this.seq
      try {
        if (!this.isBegun) await this.#begin(signal)
        this.#become("live")
        await this.#follow(signal)
      } catch (error) {
        if (signal.aborted) return
        if (this.#source.isFinal(error)) {
          this.error = error
          return this.#become("failed")
        }
      }
      if (signal.aborted) return
      pause = this.seq > before ? firstPauseMs : Math.min(pause * 2, longestPauseMs)
      this.#become(this.isBegun ? "reconnecting" : "loading")
      await this.#waits.pause(pause, signal)
    }
  }

  async #begin(signal: AbortSignal): Promise<void> {
    const [session, page] = await Promise.all([
      this.#source.session(signal),
      this.#source.page(undefined, signal),
    ])
    if (signal.aborted) return
    this.#messages = new Map(page.messages.toReversed().map((one) => [one.id, one]))
    this.#reshape()
    this.hasMore = page.has_more
    this.seq = page.last_seq
    this.session = session
    this.isBegun = true
  }

  async #follow(signal: AbortSignal): Promise<void> {
    for await (const event of this.#source.stream(this.seq, signal)) {
      if (signal.aborted) return
      // A stream that resumes may repeat what was seen.
      if (event.seq <= this.seq) continue
      this.seq = event.seq
      this.#fold(event)
      this.#tell()
    }
  }

  #fold(event: ChatEvent): void {
    if (event.type === "session") {
      this.session = event.session
      return
    }
    const id = event.type === "message" ? event.message.id : event.message_id
    const known = this.#messages.get(id)
    if (known) this.#messages.set(id, reduceMessage(known, event))
    else if (event.type === "message") {
      this.#messages.set(id, event.message)
      this.#reshape()
    }
  }

  #reshape(): void {
    this.said = [...this.#messages.values()].map(({ id, parent_id }) => ({ id, parent_id }))
  }

  #become(link: Link): void {
    if (this.link === link) return
    this.link = link
    this.#tell()
  }

  #tell(): void {
    if (this.#telling) return
    this.#telling = true
    this.#waits.soon(() => {
      this.#telling = false
      for (const listener of this.#listeners) listener()
    })
  }
}
