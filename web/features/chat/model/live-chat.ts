import { reduceMessage } from "#core/chat/reduce"
import type { ChatEvent, ChatMessage, ChatSession } from "#core/contract/chat"
import type { MessageId } from "#core/ids"
import type { Twig } from "./tree.ts"

export type MessagePage = {
  messages: ChatMessage[]
  has_more: boolean
  has_newer: boolean
  last_seq: number
}

/** Which messages are wanted; without any, the last of all. */
export type Range = { before?: MessageId; after?: MessageId; around?: MessageId }

/** Where a live chat gets its messages from. */
export type ChatSource = {
  session(signal: AbortSignal): Promise<ChatSession>
  /** A page of messages, the last ones first. */
  page(range: Range, signal: AbortSignal): Promise<MessagePage>
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

/** Messages that were said one after another, the earliest first. */
type Stretch = { messages: Map<string, ChatMessage>; hasMore: boolean }

/** Reading towards one side: an error when it failed. */
type Reading = "idle" | "reading" | { error: unknown }

/**
 * A chat as its stream tells it. It begins with the last messages and reads earlier ones when somebody scrolls up to them; after
 * a broken connection it goes on after the last event seen, so that no word is missing and none comes twice. Whoever follows a link
 * far back is shown what stands around it, apart from the end until the two have met.
 */
export class LiveChat {
  readonly id: string
  session: ChatSession | null
  link: Link = "loading"
  error: unknown = undefined
  /** Those before the first one here, and those after the last. */
  older: Reading = "idle"
  newer: Reading = "idle"
  /** Who follows whom, in the order in which it was said; another object when a message came. */
  said: readonly Twig[] = []
  seq = 0
  /** How often somebody went back to the end. */
  returns = 0

  /** The last messages are here, and the stream goes on behind them. */
  isBegun = false
  #end: Stretch = { messages: new Map(), hasMore: false }
  /** What is shown in place of the end. */
  #apart: Stretch | null = null
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
    return this.#end.messages.get(id) ?? this.#apart?.messages.get(id)
  }

  get #shown(): Stretch {
    return this.#apart ?? this.#end
  }

  /** There are messages before the first one shown. */
  get hasMore(): boolean {
    return this.#shown.hasMore
  }

  /** What is shown is apart from the end: there are messages after it. */
  get hasNewer(): boolean {
    return this.#apart !== null
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

  /** Reads the page before the first message shown. */
  async readOlder(): Promise<void> {
    const shown = this.#shown
    const first = this.said[0]
    if (!shown.hasMore || !first) return
    await this.#readInto("older", { before: first.id }, (page) => {
      shown.messages = new Map([...inOrder(page), ...shown.messages])
      shown.hasMore = page.has_more && page.messages.length > 0
      this.#meet()
    })
  }

  /** Reads the page after the last message shown, until it has met the end. */
  async readNewer(): Promise<void> {
    const apart = this.#apart
    const last = this.said.at(-1)
    if (!apart || !last) return
    await this.#readInto("newer", { after: last.id }, (page) => {
      apart.messages = new Map([...apart.messages, ...inOrder(page)])
      this.#meet(!page.has_newer)
    })
  }

  /** Shows what stands around a message that is not here; throws when there is no such message. */
  async goTo(id: MessageId): Promise<void> {
    const signal = this.#abort?.signal
    if (!signal) return
    const page = await this.#source.page({ around: id }, signal)
    this.#apart = { messages: new Map(inOrder(page)), hasMore: page.has_more }
    this.older = this.newer = "idle"
    this.#meet(!page.has_newer)
    this.#reshape()
    this.#tell()
  }

  /** Back to what was said last. */
  goToEnd(): void {
    if (!this.#apart) return
    this.#apart = null
    this.older = this.newer = "idle"
    this.returns++
    this.#reshape()
    this.#tell()
  }

  async #readInto(side: "older" | "newer", range: Range, take: (page: MessagePage) => void): Promise<void> {
    const signal = this.#abort?.signal
    const shown = this.#shown
    if (!signal || this[side] === "reading") return
    this[side] = "reading"
    this.#tell()
    try {
      const page = await this.#source.page(range, signal)
      // Meanwhile somebody may have gone elsewhere.
      if (this.#shown !== shown) return
      take(page)
      this.#reshape()
      this[side] = "idle"
    } catch (error) {
      if (this.#shown === shown) this[side] = signal.aborted ? "idle" : { error }
    }
    this.#tell()
  }

  /** What was read apart and the end are one as soon as a message is in both, or nothing is left between them. */
  #meet(nothingBetween = false): void {
    const apart = this.#apart
    if (!apart) return
    const isMet = nothingBetween || [...apart.messages.keys()].some((id) => this.#end.messages.has(id))
    if (!isMet) return
    // The end's word counts: the stream has told it more since.
    const messages = new Map([...apart.messages, ...this.#end.messages])
    this.#apart = null
    Object.assign(this.#end, { messages, hasMore: apart.hasMore })
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
    const [session, page] = await Promise.all([this.#source.session(signal), this.#source.page({}, signal)])
    if (signal.aborted) return
    this.#end = { messages: new Map(inOrder(page)), hasMore: page.has_more }
    this.#reshape()
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
    const early = this.#apart?.messages.get(id)
    if (early) this.#apart?.messages.set(id, reduceMessage(early, event))
    const known = this.#end.messages.get(id)
    if (known) this.#end.messages.set(id, reduceMessage(known, event))
    // What is told of a message far back, such as a rating, is no new message.
    else if (event.type === "message" && !this.#isEarly(event.message)) {
      this.#end.messages.set(id, event.message)
      this.#reshape()
    }
  }

  /** Ids rise with time: one before the first that is here was said before it. */
  #isEarly({ id }: ChatMessage): boolean {
    const [first] = this.#end.messages.keys()
    return this.#end.hasMore && first !== undefined && id < first
  }

  #reshape(): void {
    this.said = [...this.#shown.messages.values()].map(({ id, parent_id }) => ({ id, parent_id }))
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

const inOrder = ({ messages }: MessagePage): [string, ChatMessage][] =>
  messages.toReversed().map((one) => [one.id, one])
