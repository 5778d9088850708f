import { writeDown, writePresence, type Presence } from "#core/canvas/frame"
import { Writer } from "#core/canvas/bytes"
import { canvasFaults } from "#core/canvas/faults"
import { closeCodes, type CanvasDown, type Person } from "#core/canvas/messages"
import type { Refs } from "#core/canvas/refs"
import type { May } from "./ports.ts"
import { Session, type Attachment } from "./sessions.ts"

/** Everybody who has the canvas open: they are told all at once, one frame for all. */
export class Audience {
  private readonly ctx: DurableObjectState
  private readonly sessions = new Map<WebSocket, Session>()
  private readonly byClient = new Map<number, Session>()
  private moved = new Map<number, Uint8Array[]>()
  /** Who came, changed or went since everybody was told; those who went are undefined. */
  private news = new Map<number, Person | undefined>()

  constructor(ctx: DurableObjectState, now: number, counterOf: (client: number) => number) {
    this.ctx = ctx
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair("ping", "pong"))
    for (const socket of ctx.getWebSockets()) {
      if (socket.readyState !== WebSocket.OPEN) continue
      const attachment = socket.deserializeAttachment() as Attachment
      this.enter(new Session(socket, attachment, counterOf(attachment.person.client), now, false))
    }
  }

  private enter(session: Session): void {
    this.sessions.set(session.socket, session)
    this.byClient.set(session.person.client, session)
  }

  get size(): number {
    return this.sessions.size
  }

  of(socket: WebSocket): Session | undefined {
    return this.sessions.get(socket)
  }

  all(): Session[] {
    return [...this.sessions.values()]
  }

  /** Whether somebody came, changed or went who was not told of yet. */
  get hasNews(): boolean {
    return this.news.size > 0
  }

  /** Takes a window in. The same window's older connection is closed: it can only be dead, or a copy. */
  accept(attachment: Attachment, counter: number, now: number): { session: Session; client: WebSocket } {
    const { 0: client, 1: server } = new WebSocketPair()
    const older = this.byClient.get(attachment.person.client)
    if (older) this.close(older, closeCodes.superseded, canvasFaults["canvas.superseded"])
    this.ctx.acceptWebSocket(server)
    const session = new Session(server, attachment, counter, now, true)
    session.attach()
    return { session, client }
  }

  /** From now on it is told what happens; it is told who is here, and they of it with the next frame. */
  admit(session: Session, refs: Refs): void {
    this.news.set(session.person.client, session.person)
    this.enter(session)
    session.say({ type: "people", came: this.all().map(({ person }) => person), left: [] })
    const standing = this.all().flatMap(({ person, standing }) => {
      if (Object.keys(standing).length === 0) return []
      const bytes = new Writer()
      writePresence(bytes, standing, refs)
      return [{ client: person.client, bytes: [bytes.done()] }]
    })
    if (standing.length > 0) session.send(writeDown(0, 0, new Uint8Array(), standing))
  }

  private tell(message: CanvasDown): void {
    const text = JSON.stringify(message)
    for (const session of this.sessions.values()) session.sayText(text)
  }

  private tellNews(): void {
    if (this.news.size === 0) return
    const came = [...this.news.values()].filter((person) => person !== undefined)
    const left = [...this.news].flatMap(([client, person]) => (person ? [] : [client]))
    this.news = new Map()
    this.tell({ type: "people", came, left })
  }

  /** Somebody's presence, as they sent it: the next frame passes it on. Of one kind only the newest counts. */
  move(session: Session, presence: Presence, bytes: Uint8Array): void {
    const { cursor: _, drag: __, ...standing } = presence
    Object.assign(session.standing, standing)
    const { client } = session.person
    const waiting = this.moved.get(client)
    if (!waiting) this.moved.set(client, [bytes])
    else if (waiting.at(-1)![0] === bytes[0]) waiting[waiting.length - 1] = bytes
    else waiting.push(bytes)
  }

  /** One frame for all: edits in their places, and who has moved. Whoever does not keep up is closed, and comes back by its number. */
  send(first: number, count: number, edits: Uint8Array, withPeople: boolean): void {
    if (withPeople) this.tellNews()
    const people = withPeople ? [...this.moved].map(([client, bytes]) => ({ client, bytes })) : []
    if (withPeople) this.moved = new Map()
    if (count === 0 && people.length === 0) return
    const frame = writeDown(first, count, edits, people)
    for (const session of this.sessions.values())
      if (!session.send(frame)) this.close(session, 1013, canvasFaults["canvas.behind"])
  }

  /** What somebody may do has been looked up. */
  stand(session: Session, may: May): void {
    if (may === "nothing") return this.close(session, closeCodes.revoked, canvasFaults["canvas.revoked"])
    const may_edit = may === "edit"
    if (session.person.may_edit === may_edit) return
    session.person = { ...session.person, may_edit }
    session.attach()
    session.say({ type: "may", may_edit })
    this.news.set(session.person.client, session.person)
  }

  close(session: Session, code: number, words: string): void {
    this.leave(session.socket)
    try {
      session.socket.close(code, words)
    } catch {
      // It is closed already.
    }
  }

  leave(socket: WebSocket): void {
    const session = this.sessions.get(socket)
    if (!session) return
    const { person } = session
    this.sessions.delete(socket)
    this.moved.delete(person.client)
    if (this.byClient.get(person.client) === session) this.byClient.delete(person.client)
    this.news.set(person.client, undefined)
  }
}
