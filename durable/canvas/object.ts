import { Malformed } from "#core/canvas/bytes"
import { canvasFault, canvasFaults, type CanvasFault } from "#core/canvas/faults"
import { readUp, type ReadUp } from "#core/canvas/frame"
import { CanvasUp, canvasProtocol, closeCodes } from "#core/canvas/messages"
import { stateOfDraft, type Draft } from "#core/canvas/canvas"
import type { Snapshot } from "#core/canvas/talk"
import type { Comment, Thread } from "#core/canvas/comment"
import { done, type Outcome } from "#core/errors"
import { Alarms } from "#durable/kit/alarms"
import { lookMs } from "#durable/kit/pass"
import { empty } from "#durable/kit/sqlite"
import { TenantObject } from "#durable/kit/tenant-object"
import { Audience } from "./audience.ts"
import { base64 } from "./base64.ts"
import { History, type NewNamed } from "./history.ts"
import type { CanvasPorts, FlowRef, May, Visitor } from "./ports.ts"
import { Pace } from "./pace.ts"
import { parsed } from "#durable/kit/parsed"
import { Remarks, type Remark } from "./remarks.ts"
import { Room } from "./room.ts"
import { Saving } from "./saving.ts"
import type { Session } from "./sessions.ts"
import { CanvasStore, type Named } from "./store.ts"
import { Whole } from "./whole.ts"

/** What somebody may do is looked up anew after so long; nothing is taken or told on the word of a look that is older than that. */
const refreshMs = 2_000
const standingMs = 4_000
const mostUpBytes = 2_000_000
const mostMalformed = 20
const mostUnheard = 2_000

/**
 * One flow's canvas: the document, its order, and everybody who has it open. The rules are core's; this wires them to storage,
 * sockets, alarms and ports. An edit is written down, then told: the output gate holds frames until what they tell is durable.
 */
export abstract class CanvasObject<E = unknown> extends TenantObject<E> {
  private readonly store: CanvasStore
  private readonly alarms: Alarms
  private readonly audience: Audience
  private readonly saving: Saving
  private readonly history: History
  private readonly whole = new Whole()
  private readonly remarks: Remarks
  private known: Room | undefined
  private outside: CanvasPorts | undefined
  private beginning: Promise<Outcome<null>> | undefined
  private timer: ReturnType<typeof setTimeout> | undefined
  private readonly pace = new Pace()
  private checkedAt = 0
  private checking: Promise<void> | undefined
  private unheard: [WebSocket, string | ArrayBuffer][] = []

  /** What a canvas asks of the outside world. The Worker supplies it. */
  protected abstract ports(): CanvasPorts

  constructor(ctx: DurableObjectState, env: E) {
    super(ctx, env)
    this.store = new CanvasStore(ctx.storage.sql)
    this.alarms = new Alarms(ctx.storage)
    this.audience = new Audience(ctx, Date.now(), (client) => this.store.counterOf(client))
    const room = () => this.room
    const flush = () => this.flush()
    this.saving = new Saving({
      store: this.store,
      room,
      ports: () => this.world,
      flush,
      gone: () => this.end(),
      wakeAt: (due) => this.alarms.at("save", due),
    })
    this.history = new History(this.store, room, flush)
    this.remarks = new Remarks(room, flush)
    // A crash inside `alarm()` has lost what that alarm took.
    if (this.store.hasBegun && this.saving.isDirty) this.alarms.at("save", Date.now())
  }

  private get world(): CanvasPorts {
    return (this.outside ??= this.ports())
  }

  private get room(): Room {
    return (this.known ??= new Room(this.store, () => this.world.now()))
  }

  /** A window comes in: `/` with an upgrade and a Visitor. The Worker has checked who asks. */
  override async fetch(request: Request): Promise<Response> {
    const visitor = JSON.parse(decodeURIComponent(request.headers.get("x-visitor") ?? "")) as Visitor
    const begun = await this.ready(visitor.ref)
    if (!begun.ok) return new Response(null, { status: 404 })
    const { client, since, id, name, may_edit, pass } = visitor
    this.flush()
    const row = this.store.client(client, id, this.world.now())
    if (!row) return new Response(null, { status: 409 })
    const person = { client: row.number, id, name, may_edit }
    const { session, client: theirs } = this.audience.accept({ person, pass }, row.counter, Date.now())
    if (this.audience.size === 0) {
      this.checkedAt = Date.now()
      this.lookSoon()
    }
    this.welcome(session, since, row.refused)
    this.audience.admit(session, this.room.refs)
    this.tellSoon()
    return new Response(null, { status: 101, webSocket: theirs })
  }

  /** The document is here, and knows what the row says; the first who comes sees to it. */
  private async ready(ref: FlowRef): Promise<Outcome<null>> {
    if (this.store.hasBegun && !this.store.isGone && this.audience.size > 0) return done(null)
    this.beginning ??= this.begin(ref).finally(() => (this.beginning = undefined))
    return this.beginning
  }

  private async begin(ref: FlowRef): Promise<Outcome<null>> {
    if (this.store.hasBegun) {
      this.store.markGone(false)
      return this.saving.pull()
    }
    const outcome = await this.world.load(ref)
    if (!outcome.ok) return outcome
    const { version, draft } = outcome.value
    const state = stateOfDraft(draft)
    const snapshot: Snapshot = { seq: 0, ids: state.nodes.map((node) => node.id), state }
    this.store.begin(ref, version, JSON.stringify(snapshot), JSON.stringify(draft))
    return done(null)
  }

  /** What a window must know first: the edits that it lacks, or everything. */
  private welcome(session: Session, since: number | undefined, refused: number[]): void {
    const { store, room } = this
    const { person, counter } = session
    const isKnown = since !== undefined && since <= room.seq && since + 1 >= store.oldest()
    const rows = isKnown ? store.after(since) : []
    const is_resumed = isKnown && (rows.length === 0 || rows[0]!.first === since + 1)
    session.say({
      type: "welcome",
      protocol: canvasProtocol,
      client: person.client,
      may_edit: person.may_edit,
      seen: counter,
      refused,
      is_resumed,
    })
    if (is_resumed) for (const row of rows) session.catchUp(row)
    else {
      const { messages, seq } = this.whole.now(room)
      for (const message of messages) session.sayText(message)
      for (const row of seq < room.seq ? store.after(seq) : []) session.catchUp(row)
    }
    session.say({ type: "caught_up", seq: room.seq })
  }

  override webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): void {
    const session = this.audience.of(socket)
    if (!session) return
    const now = Date.now()
    if (!session.mayTalk(now)) return this.audience.close(session, 1008, canvasFaults["canvas.too_fast"])
    const age = now - this.checkedAt
    if (age > refreshMs && !this.checking) this.check()
    if (age < standingMs) return this.hear(session, message)
    this.unheard.push([socket, message])
    if (this.unheard.length > mostUnheard) this.audience.close(session, 1013, canvasFaults["canvas.behind"])
  }

  /** Looks up what everybody may do now; meanwhile nothing is taken in. */
  private check(): void {
    this.checking ??= this.standings().finally(() => {
      this.checking = undefined
      const unheard = this.unheard
      this.unheard = []
      for (const [socket, message] of unheard) this.webSocketMessage(socket, message)
    })
    this.ctx.waitUntil(this.checking)
  }

  /** Those who say nothing are looked at too, for as long as anybody is here. */
  private lookSoon(): void {
    this.alarms.by("standing", Date.now() + lookMs)
  }

  private async standings(): Promise<void> {
    const at = Date.now()
    const sessions = this.audience.all()
    const passes = new Map(sessions.map(({ pass }) => [JSON.stringify(pass), pass]))
    try {
      const found = await this.world.standing(this.store.ref(), [...passes.values()])
      const mays = new Map<string, May>([...passes.keys()].map((key, i) => [key, found[i] ?? "nothing"]))
      for (const session of sessions) this.audience.stand(session, mays.get(JSON.stringify(session.pass))!)
      if (this.audience.hasNews) this.tellSoon()
      this.checkedAt = at
    } catch (error) {
      // Nobody is believed without being asked for: what they say waits.
      console.warn("canvas: nobody could be looked up, it is tried again", { error: String(error) })
      await new Promise((resolve) => setTimeout(resolve, 500))
    }
  }

  private hear(session: Session, message: string | ArrayBuffer): void {
    if (typeof message === "string") return this.hearWords(session, message)
    if (message.byteLength > mostUpBytes)
      return this.refuse(session, canvasFault("canvas.too_large", "So much cannot be changed at once."))
    let heard: ReadUp
    try {
      heard = readUp(new Uint8Array(message), this.room.refs)
    } catch (error) {
      if (!(error instanceof Malformed)) throw error
      return this.nonsense(session)
    }
    const { edits, presence, ack } = heard
    if (ack !== undefined) session.heardAck(ack)
    for (const { counter, operation } of edits) this.edit(session, counter, operation)
    if (presence) this.audience.move(session, presence.value, presence.bytes)
    if (edits.length > 0 || presence) this.tellSoon()
  }

  private edit(session: Session, counter: number, operation: unknown): void {
    // Sent again over a new connection, and known already.
    if (counter <= session.counter) return
    session.counter = counter
    const { client, id: by, may_edit } = session.person
    const fault = this.room.take(operation, { client, counter, by }, may_edit)
    if (fault) this.refuse(session, fault, counter)
  }

  private hearWords(session: Session, message: string): void {
    const up = CanvasUp.safeParse(parsed(message))
    if (!up.success) return this.nonsense(session)
    const { node, field } = up.data
    if (!session.person.may_edit) return this.refuse(session, canvasFault("canvas.read_only"))
    // It begins with what the document says now, so that must be written down before it.
    this.flush()
    const text = this.room.texts.begin(this.room.canvas, node, field)
    if (!text) return this.refuse(session, canvasFault("canvas.bad_value", "There is no text to write in."))
    session.say({ type: "text", node, field, epoch: text.epoch, state: base64(text.state) })
  }

  private refuse(session: Session, fault: CanvasFault, counter?: number): void {
    session.say({ type: "refused", ...(counter === undefined ? {} : { counter }), ...fault })
  }

  private nonsense(session: Session): void {
    this.refuse(session, canvasFault("canvas.malformed"))
    if (++session.malformed >= mostMalformed)
      this.audience.close(session, 1007, canvasFaults["canvas.malformed"])
  }

  /** At once when it is quiet, and together with what else comes when it is not. */
  private tellSoon(): void {
    if (this.timer !== undefined) return
    const wait = this.pace.wait(Date.now())
    if (wait <= 0) return this.flush()
    this.timer = setTimeout(() => {
      this.timer = undefined
      this.flush()
    }, wait)
  }

  /** Writes down what was done and tells it. */
  private flush(): void {
    if (!this.store.hasBegun) return
    this.pace.told(Date.now(), (done) => setTimeout(done, 0))
    const rows = this.kept()
    if (rows.length > 0) this.saving.nudge()
    for (const [i, { first, last, bytes }] of rows.entries())
      this.audience.send(first, last - first + 1, bytes, i === rows.length - 1)
    if (rows.length === 0) this.audience.send(0, 0, none, true)
    // Whoever did not keep up was shut out meanwhile.
    if (this.audience.hasNews) this.tellSoon()
  }

  /** What cannot be written down has not happened: memory that is ahead of the log is given up, and people come back to what is kept. */
  private kept(): ReturnType<Room["keep"]> {
    try {
      return this.room.keep()
    } catch (error) {
      console.error("canvas: edits could not be written down", { error: String(error) })
      this.ctx.abort("edits could not be written down")
      throw error
    }
  }

  override webSocketClose(socket: WebSocket, code: number): void {
    // 1005 and 1006 say that no code came; they may not be sent.
    socket.close(code === 1005 || code === 1006 ? 1000 : code)
    this.left(socket)
  }

  override webSocketError(socket: WebSocket): void {
    this.left(socket)
  }

  private left(socket: WebSocket): void {
    this.audience.leave(socket)
    if (!this.store.hasBegun) return
    if (this.audience.size > 0) return this.tellSoon()
    // Whoever comes next then finds one text, and no log to read.
    this.flush()
    this.room.snapshot()
  }

  /** The flow is deleted: everybody goes. */
  private end(): void {
    this.store.markGone(true)
    for (const session of this.audience.all())
      this.audience.close(session, closeCodes.gone, canvasFaults["canvas.gone"])
  }

  /** Resolves when the flow's row says what the canvas says. */
  async settle(): Promise<Outcome<null>> {
    if (!this.store.hasBegun || this.store.isGone) return done(null)
    return this.saving.settle()
  }

  /** The row was written by somebody else: takes it in. */
  async pull(): Promise<Outcome<null>> {
    if (!this.store.hasBegun || this.store.isGone) return done(null)
    return this.saving.pull()
  }

  /** What people say about the flow. */
  async threads(): Promise<Outcome<Thread[]>> {
    return done(this.store.hasBegun ? [...this.room.canvas.threads.values()] : [])
  }

  /** Somebody says something, or settles it, without having the canvas open. */
  async remark(ref: FlowRef, remark: Remark, by: string): Promise<Outcome<Thread>> {
    const begun = await this.ready(ref)
    return begun.ok ? this.remarks.say(remark, by) : begun
  }

  /** A comment is taken away by who wrote it, or, without a name, by somebody who may take anybody's. */
  async unsay(
    ref: FlowRef,
    thread: string,
    id: string,
    by: string | undefined,
  ): Promise<Outcome<{ comment: Comment }>> {
    const begun = await this.ready(ref)
    return begun.ok ? this.remarks.unsay(thread, id, by) : begun
  }

  /** Takes out everything that some people said; the draft itself stays. */
  async eraseWords(authors: string[]): Promise<Outcome<number>> {
    if (!this.store.hasBegun) return done(0)
    await this.settle()
    this.history.erase(new Set(authors))
    return done(this.remarks.erase(new Set(authors)))
  }

  async namedVersions(): Promise<Outcome<Named[]>> {
    return done(this.history.list())
  }

  async namedVersion(id: string): Promise<Outcome<{ named: Named; draft: Draft }>> {
    return this.history.get(id)
  }

  async nameVersion(ref: FlowRef, wanted: NewNamed): Promise<Outcome<Named>> {
    const begun = await this.ready(ref)
    return begun.ok ? this.history.name(wanted) : begun
  }

  async restoreVersion(ref: FlowRef, id: string): Promise<Outcome<Named>> {
    const begun = await this.ready(ref)
    return begun.ok ? this.history.restore(id) : begun
  }

  async forgetVersion(id: string): Promise<Outcome<null>> {
    return this.history.forget(id)
  }

  /** The flow was deleted; for good, when nothing is to be left of it. */
  async remove(isForGood = false): Promise<Outcome<null>> {
    if (this.store.hasBegun) this.end()
    if (isForGood) await empty(this.ctx.storage, this.store)
    return done(null)
  }

  /** Never throws: after seven failures workerd would drop the alarm without a trace. */
  override async alarm(): Promise<void> {
    if (!this.store.hasBegun) return
    const taken = this.alarms.take(this.world.now())
    if (taken.includes("standing") && this.audience.size > 0) {
      this.lookSoon()
      this.check()
    }
    if (taken.includes("save") && !this.store.isGone) await this.saving.due()
    this.alarms.rearm()
  }
}

const none = new Uint8Array()
