import type { ChatEvent, ChatMessage, ChatSession } from "#core/contract/chat"
import { titleOf } from "#core/chat/title"
import { done, refused, type Outcome } from "#core/errors"
import { newId, type MessageId } from "#core/ids"
import { Alarms } from "#durable/kit/alarms"
import { Outbox } from "#durable/kit/outbox"
import { Pages } from "#durable/kit/pages"
import { passIn } from "#durable/kit/pass"
import { empty } from "#durable/kit/sqlite"
import { TenantObject } from "#durable/kit/tenant-object"
import { Viewers } from "#durable/kit/viewers"
import { branchPage, pageOf, type BranchPage, type MessagePage, type Range } from "./pages.ts"
import { Answering } from "./answering.ts"
import { eraseWords, type Erased } from "./erasing.ts"
import { logAfter, type Audience } from "./log.ts"
import { deliverTo, pendingIn, type Leaving } from "./leaving.ts"
import { blankAnswer, personsMessage } from "./messages.ts"
import type { AuthorId, ChatPorts, NewMessage, TenantRef } from "./ports.ts"
import { ChatStore } from "./store.ts"
import { Thread } from "./thread.ts"

/** How long whoever stops an answer is kept waiting for a call that does not end. */
const stopWaitMs = 10_000
const watchMs = 10_000

/**
 * One chat: its messages, the answer under way, and those who watch. The rules are core's; this wires them to storage, alarms,
 * viewers and ports.
 */
export abstract class ChatObject<E = unknown> extends TenantObject<E> {
  private readonly store: ChatStore
  private readonly thread: Thread
  private readonly viewers: Viewers<Audience>
  private readonly answering: Answering
  private readonly outbox: Outbox<Leaving>
  private readonly alarms: Alarms
  private outside: ChatPorts | undefined

  /** What a chat asks of the outside world. The Worker supplies it. */
  protected abstract ports(): ChatPorts

  constructor(ctx: DurableObjectState, env: E) {
    super(ctx, env)
    const { storage } = ctx
    this.store = new ChatStore(storage.sql)
    this.alarms = new Alarms(storage)
    const pages = new Pages<Audience, ChatEvent>({
      rowsAfter: (audience, seq, bytes) => logAfter(this.store, audience, seq, bytes),
      synced: () => storage.sync(),
    })
    this.viewers = new Viewers(ctx, {
      pageAfter: (audience, seq) => pages.after(audience, seq),
      isSettled: () => !this.store.isOpen,
      mayStay: (passes) => this.world.mayStay(this.store.tenant(), passes),
      lookAfter: (ms) => this.alarms.by("viewers", Date.now() + ms),
    })
    this.outbox = new Outbox<Leaving>({
      isWaiting: () => this.store.leaving(1).length > 0,
      pending: (most) => pendingIn(this.store, most),
      delivered: (parcels) => parcels.forEach(({ key, seq }) => this.store.left(key, seq)),
      deliver: (rows) => deliverTo(this.world, this.store.tenant(), rows),
      wakeAt: (due) => this.alarms.at("outbox", due),
      now: () => this.world.now(),
    })
    this.thread = new Thread({
      store: this.store,
      atomically: (write) => storage.transactionSync(write),
      tell: () => this.tell(),
      depart: () => this.outbox.nudge(),
      stamp: () => this.stamp(),
    })
    this.answering = new Answering({
      store: this.store,
      thread: this.thread,
      ports: this.lazily(),
      wakeAt: (due) => this.alarms.at("answer", due),
      stamp: () => this.stamp(),
    })
    if (!this.store.hasBegun) return
    // A crash inside `alarm()` has lost what that alarm took: whoever makes this object anew has it look at everything.
    if (this.store.turns().length > 0) this.alarms.at("answer", Date.now())
    if (this.store.leaving(1).length > 0) this.alarms.at("outbox", Date.now())
  }

  private get world(): ChatPorts {
    return (this.outside ??= this.ports())
  }

  /** Ports are made at first use: an abstract method may not be called while the class is being built. */
  private lazily(): ChatPorts {
    return {
      begin: (tenant, wanted) => this.world.begin(tenant, wanted),
      events: (tenant, execution, after) => this.world.events(tenant, execution, after),
      cancel: (tenant, execution, actor) => this.world.cancel(tenant, execution, actor),
      record: (tenant, rows) => this.world.record(tenant, rows),
      mayStay: (tenant, passes) => this.world.mayStay(tenant, passes),
      now: () => this.world.now(),
    }
  }

  private stamp(): string {
    return new Date(this.world.now()).toISOString()
  }

  private tell(): void {
    this.viewers.tell("all")
    this.viewers.tell("visitor")
  }

  /** Begins the chat; once. */
  async open(tenant: TenantRef, session: ChatSession, isTitled: boolean): Promise<Outcome<ChatSession>> {
    this.store.open(tenant, session, isTitled)
    return this.get()
  }

  async get(): Promise<Outcome<ChatSession>> {
    return this.store.isOpen ? done(this.store.session()) : refused("chat.not_found")
  }

  async update(change: {
    title?: string
    settings?: ChatSession["settings"]
    share_url?: string | null
  }): Promise<Outcome<ChatSession>> {
    if (!this.store.isOpen) return refused("chat.not_found")
    this.thread.write(() => {
      this.thread.session(change, change.title !== undefined)
    })
    return this.get()
  }

  /** Deletes the chat, stops what is under way, and ends every stream. */
  async remove(): Promise<Outcome<null>> {
    if (!this.store.isOpen) return refused("chat.not_found")
    await this.answering.stop().catch(lost)
    this.thread.write(() => this.store.markDeleted(this.stamp()))
    return done(null)
  }

  /** Empties a chat that was deleted, as if it had never been. False while its last words are on their way to the index. */
  async purge(): Promise<Outcome<boolean>> {
    if (!this.store.hasBegun) return done(true)
    if (this.store.isOpen) return refused("chat.busy", { detail: "Only a chat that was deleted is emptied." })
    await this.outbox.drain()
    if (this.store.turns().length > 0 || this.store.leaving(1).length > 0) return done(false)
    await empty(this.ctx.storage, this.store)
    return done(true)
  }

  /**
   * Takes out what some people said here. Answers with how many messages that were, whether all is gone from here and the index, and the
   * executions that were told of it.
   */
  async eraseWords(authors: string[]): Promise<Outcome<Erased & { isAll: boolean }>> {
    // One that was deleted is kept for a while, or for good.
    if (!this.store.hasBegun) return done({ erased: 0, executions: [], isAll: true })
    const erased = eraseWords(this.store, this.thread, new Set(authors))
    await this.outbox.drain()
    const isAll = this.store.turns().length === 0 && this.store.leaving(1).length === 0
    return done({ ...erased, isAll })
  }

  /** A page of messages, the last ones first. */
  async messages(range: Range, most: number): Promise<Outcome<MessagePage>> {
    if (!this.store.isOpen) return refused("chat.not_found")
    return pageOf(this.store, this.thread, range, most)
  }

  /** The end of the newest branch, as far as it has been answered, or what stands before one of its messages. */
  async branch(before: MessageId | undefined, most: number): Promise<Outcome<BranchPage>> {
    if (!this.store.isOpen) return refused("chat.not_found")
    return branchPage(this.store, this.thread, before, most)
  }

  /** Takes a message in, and has it answered when its turn comes. */
  async send(wanted: NewMessage): Promise<Outcome<{ message_id: MessageId }>> {
    if (!this.store.isOpen) return refused("chat.not_found")
    if (this.store.has(wanted.id)) return done({ message_id: wanted.id })
    const parent = wanted.parent_id ?? this.store.newest() ?? null
    const before = parent === null ? undefined : this.thread.message(parent)
    if (parent !== null && !before) return refused("chat.message_not_found")
    if (before?.role === "user") return refused("chat.wrong_message")
    return this.ask(wanted, parent)
  }

  /** A message anew, beside the old one. */
  async edit(
    id: MessageId,
    anew: Pick<NewMessage, "id" | "content" | "author">,
  ): Promise<Outcome<{ message_id: MessageId }>> {
    if (!this.store.isOpen) return refused("chat.not_found")
    const old = this.thread.message(id)
    if (!old) return refused("chat.message_not_found")
    if (old.role !== "user")
      return refused("chat.wrong_message", { detail: "Only a person's message can be edited." })
    const { to_agent_id, attached_flow_id } = old
    return this.ask({ ...anew, to_agent_id, attached_flow_id }, old.parent_id)
  }

  /** One more answer, beside the old one. */
  async retry(id: MessageId, author: AuthorId): Promise<Outcome<{ message_id: MessageId }>> {
    if (!this.store.isOpen) return refused("chat.not_found")
    const named = this.thread.message(id)
    const asked = named?.role === "assistant" ? this.thread.message(named.parent_id!) : named
    if (!asked) return refused("chat.message_not_found")
    if (this.isRefused()) return refused("chat.busy")
    const answer = this.thread.message(id)?.status
    if (answer === "queued") return refused("chat.wrong_message", { detail: "This is not answered yet." })
    let answerId: MessageId | undefined
    this.thread.write(() => {
      answerId = this.queue(asked, author)
      this.count(1)
    })
    this.goOn(answerId!)
    return done({ message_id: answerId! })
  }

  private ask(wanted: NewMessage, parent: MessageId | null): Outcome<{ message_id: MessageId }> {
    if (this.isRefused()) return refused("chat.busy")
    let answerId: MessageId | undefined
    this.thread.write(() => {
      const message = personsMessage(wanted, parent, this.stamp())
      this.thread.keep(message)
      answerId = this.queue(message, wanted.author)
      this.count(2, this.store.isTitled ? {} : { title: titleOf(wanted.content) })
    })
    this.goOn(answerId!)
    return done({ message_id: wanted.id })
  }

  private count(more: number, named: { title?: string } = {}): void {
    const message_count = this.store.session().message_count + more
    this.thread.session({ ...named, message_count }, named.title !== undefined)
  }

  private isRefused(): boolean {
    return this.store.turns().length > 0 && this.store.session().settings.busy === "refuse"
  }

  /** Inside a write: an answer that waits for its turn. */
  private queue(asked: ChatMessage, author: AuthorId): MessageId {
    const chance = (bytes: number) => crypto.getRandomValues(new Uint8Array(bytes))
    const id = newId<MessageId>("msg", this.world.now(), chance)
    const message = blankAnswer(id, asked, this.store.session().partner, this.stamp())
    this.thread.add(id, [{ type: "message", message }])
    this.store.addTurn(id, author, asked.attached_flow_id === null ? "answer" : "attached")
    return id
  }

  private goOn(newest: MessageId): void {
    if (this.store.session().settings.busy === "interrupt") {
      this.ctx.waitUntil(this.answering.stop(newest).catch(lost))
    }
    this.drive()
  }

  private drive(): void {
    this.ctx.waitUntil(this.answering.drive())
  }

  async feedback(id: MessageId, feedback: ChatMessage["feedback"]): Promise<Outcome<ChatMessage>> {
    if (!this.store.isOpen) return refused("chat.not_found")
    const message = this.thread.message(id)
    if (!message) return refused("chat.message_not_found")
    if (message.role !== "assistant" || message.finished_at === null) return refused("chat.wrong_message")
    const rated = { ...message, feedback }
    this.thread.write(() => this.thread.keep(rated))
    return done(rated)
  }

  /** Stops what is under way and what is queued; answers when it has stopped. */
  async stop(): Promise<Outcome<ChatSession>> {
    if (!this.store.isOpen) return refused("chat.not_found")
    await this.answering.stop()
    this.drive()
    await this.answering.quiet(stopWaitMs)
    return this.get()
  }

  /** Streams: `/all?after=N` or `/visitor?after=N`, as server-sent events or, on upgrade, a WebSocket. The Worker has checked who asks. */
  override async fetch(request: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url)
    if (!this.store.isOpen) return new Response(null, { status: 404 })
    const audience: Audience = pathname === "/visitor" ? "visitor" : "all"
    // Whoever claims to have seen what was never told is shown what comes next.
    const after = Math.min(Number(searchParams.get("after") ?? 0), this.store.lastSeq())
    if (request.headers.get("upgrade") === "websocket")
      return this.viewers.accept(audience, after, undefined, passIn(request))
    return new Response(this.viewers.stream(audience, after), {
      headers: {
        "content-type": "text/event-stream",
        "cache-control": "no-store",
        "x-accel-buffering": "no",
      },
    })
  }

  override webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): void {
    this.viewers.heard(socket, message)
  }

  override webSocketClose(socket: WebSocket, code: number): void {
    // 1005 and 1006 say that no code came; they may not be sent.
    socket.close(code === 1005 || code === 1006 ? 1000 : code)
    this.viewers.gone(socket)
  }

  /** Never throws: after seven failures workerd would drop the alarm without a trace. */
  override async alarm(): Promise<void> {
    if (!this.store.hasBegun) return
    const now = this.world.now()
    try {
      const taken = this.alarms.take(now)
      if (taken.includes("outbox")) this.ctx.waitUntil(this.outbox.drain())
      if (taken.includes("viewers")) this.ctx.waitUntil(this.viewers.look())
      if (this.store.hasBegun && this.store.turns().length > 0) {
        this.alarms.at("answer", now + watchMs)
        this.drive()
      }
    } catch (error) {
      console.error("chat: an alarm failed", { error: String(error) })
      this.alarms.at("answer", now + watchMs)
    }
    this.alarms.rearm()
  }
}

const lost = (error: unknown): void =>
  console.warn("chat: an answer could not be stopped, it is tried again", { error: String(error) })
