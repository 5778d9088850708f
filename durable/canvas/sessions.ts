import { writeDown, type Presence } from "#core/canvas/frame"
import type { CanvasDown, Person } from "#core/canvas/messages"
import { window } from "#core/canvas/messages"
import type { Pass } from "./ports.ts"

/** What a socket needs to go on after the object was put to sleep. */
export type Attachment = { person: Person; pass: Pass }

/** One window that has the canvas open. */
export class Session {
  readonly socket: WebSocket
  readonly pass: Pass
  person: Person
  /** The last edit of this window that was taken or refused. */
  counter: number
  /** What of its presence a newcomer must know. */
  standing: Presence = {}
  malformed = 0
  private sent = 0
  /** How much it had taken in when this object woke: it counts since it came, which may be longer ago. */
  private ackedBefore: number | undefined
  private acked = 0
  private tokens = mostBurst
  private filledAt: number

  constructor(socket: WebSocket, { person, pass }: Attachment, counter: number, now: number, isNew: boolean) {
    this.socket = socket
    this.person = person
    this.pass = pass
    this.counter = counter
    this.filledAt = now
    this.ackedBefore = isNew ? 0 : undefined
  }

  get isOpen(): boolean {
    return this.socket.readyState === WebSocket.OPEN
  }

  attach(): void {
    this.socket.serializeAttachment({ person: this.person, pass: this.pass } satisfies Attachment)
  }

  say(message: CanvasDown): void {
    this.sayText(JSON.stringify(message))
  }

  /** A message that is made once for many. */
  sayText(message: string): void {
    if (this.isOpen) this.socket.send(message)
  }

  /** Sends a frame; false when this window has not taken in enough of those before it. */
  send(frame: Uint8Array<ArrayBuffer>): boolean {
    if (!this.isOpen) return true
    this.socket.send(frame)
    this.sent += frame.length
    return this.sent - this.acked <= window.bytes
  }

  /** Sends a row of the log. It is no frame of the present: whoever reads it slowly only comes later. */
  catchUp({ first, last, edits }: { first: number; last: number; edits: Uint8Array }): void {
    const frame = writeDown(first, last - first + 1, edits, [])
    this.socket.send(frame)
    this.sent += frame.length
    this.acked += frame.length
  }

  heardAck(bytes: number): void {
    this.ackedBefore ??= Math.max(0, bytes - this.sent)
    this.acked = Math.min(this.sent, Math.max(this.acked, bytes - this.ackedBefore))
  }

  /** False when it says more than anybody's hand can do. */
  mayTalk(now: number): boolean {
    this.tokens = Math.min(mostBurst, this.tokens + ((now - this.filledAt) / 1_000) * perSecond)
    this.filledAt = now
    this.tokens -= 1
    return this.tokens >= 0
  }
}

/** Messages of one window: a pointer, a drag and typing make 60 a second together. */
const perSecond = 120
const mostBurst = 600
