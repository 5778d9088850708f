import type { CanvasClient } from "#core/canvas/client"
import type { Presence } from "#core/canvas/frame"
import { closeCodes, type CanvasUp } from "#core/canvas/messages"
import { Talk, type Hears } from "#core/canvas/talk"
import type { Wire } from "#web/api/socket.ts"

/** Why a line does not come back. */
export type Ending = "superseded" | "revoked" | "gone"

const endings = new Map<number, Ending>([
  [closeCodes.superseded, "superseded"],
  [closeCodes.revoked, "revoked"],
  [closeCodes.gone, "gone"],
])

export type LineSetting = {
  client: CanvasClient
  open(since: number | undefined): Promise<Wire>
  /** Whether a line that does not open has a reason to stay away for good. */
  whyNot(): Promise<Ending | undefined>
  hears: Hears
  /** Opened, caught up, broken or ended. */
  onLine(): void
}

const firstWaitMs = 500
const longestWaitMs = 15_000
/** A line on which nothing was heard for so long is asked; one that does not answer by the next time is dead. */
const pingMs = 15_000

/** The connection of an open canvas, which comes back by itself until the server says that it may not. */
export class Line {
  ending: Ending | undefined
  private readonly setting: LineSetting
  private wire: Wire | undefined
  private talk: Talk | undefined
  private isOpening = false
  private isLeft = true
  private waitMs = firstWaitMs
  private timer: ReturnType<typeof setTimeout> | undefined
  private pinging: ReturnType<typeof setInterval> | undefined
  private isAsked = false
  /** Questions that follow edits which are held back. */
  private questions: CanvasUp[] = []

  constructor(setting: LineSetting) {
    this.setting = setting
  }

  /** Whether everything up to the present has been heard. */
  get isReady(): boolean {
    return this.wire !== undefined && this.talk?.isReady === true
  }

  /** Whether the server lets this window write, as far as it has said. */
  get mayEdit(): boolean {
    return this.ending === undefined && (this.talk?.mayEdit ?? true)
  }

  start(): void {
    if (!this.isLeft) return
    this.isLeft = false
    void this.come()
  }

  leave(): void {
    this.isLeft = true
    clearTimeout(this.timer)
    this.drop()
  }

  /** Tries now rather than later. */
  hurry(): void {
    if (this.wire || this.isOpening) return
    clearTimeout(this.timer)
    this.waitMs = firstWaitMs
    void this.come()
  }

  /** Says what there is to say, and where this person is. */
  say(presence?: Presence): void {
    const { wire, talk } = this
    if (!wire || !talk) return
    let frame = talk.says(talk.isReady ? presence : undefined)
    for (; frame; frame = talk.says()) wire.send(frame)
    if (this.questions.length === 0 || this.setting.client.isHolding) return
    for (const words of this.questions.splice(0)) wire.send(JSON.stringify(words))
  }

  /** Asks in words, after everything that was done here; false while there is nobody to ask. */
  ask(words: CanvasUp): boolean {
    if (!this.isReady) return false
    this.questions.push(words)
    this.say()
    return true
  }

  private async come(): Promise<void> {
    if (this.isLeft || this.ending || this.isOpening || this.wire) return
    this.isOpening = true
    const wire = await this.setting.open(this.setting.client.since).catch(() => undefined)
    this.isOpening = false
    if (this.isLeft) return wire?.close()
    if (wire) return this.take(wire)
    const why = await this.setting.whyNot()
    if (why) this.end(why)
    else this.later()
  }

  private take(wire: Wire): void {
    const { client, hears } = this.setting
    // What the server has said last about writing stands until it says otherwise.
    const mayEdit = this.mayEdit
    const talk = new Talk(client, hears)
    talk.mayEdit = mayEdit
    this.wire = wire
    this.talk = talk
    this.isAsked = false
    this.pinging = setInterval(() => this.ping(wire), pingMs)
    wire.onMessage((data) => {
      if (this.wire !== wire) return
      this.isAsked = false
      if (data === "pong") return
      this.hear(talk, data)
    })
    wire.onClose((code) => {
      if (this.wire !== wire) return
      this.drop()
      const why = endings.get(code)
      if (why) this.end(why)
      else this.later()
    })
    this.setting.onLine()
  }

  private hear(talk: Talk, data: string | Uint8Array): void {
    const { isReady: wasReady, mayEdit } = talk
    try {
      talk.hear(data)
    } catch (error) {
      // Something is missing, or could not be read: what is asked for anew is whole.
      console.warn("canvas: the line is opened anew", error)
      this.drop()
      return this.later()
    }
    if (talk.isReady && !wasReady) this.waitMs = firstWaitMs
    this.say()
    if (talk.isReady !== wasReady || talk.mayEdit !== mayEdit) this.setting.onLine()
  }

  private ping(wire: Wire): void {
    if (this.wire !== wire) return
    if (this.isAsked) {
      this.drop()
      return this.later()
    }
    this.isAsked = true
    wire.send("ping")
  }

  /** Gives the socket up; whatever it may still say is not heard. */
  private drop(): void {
    const { wire } = this
    this.wire = undefined
    this.questions = []
    clearInterval(this.pinging)
    this.setting.client.lost()
    wire?.close()
  }

  private end(why: Ending): void {
    this.ending = why
    this.setting.onLine()
  }

  private later(): void {
    this.setting.onLine()
    clearTimeout(this.timer)
    // Everybody who was cut off at once does not come back at once.
    const wait = this.waitMs * (0.5 + Math.random() / 2)
    this.waitMs = Math.min(this.waitMs * 2, longestWaitMs)
    this.timer = setTimeout(() => void this.come(), wait)
  }
}
