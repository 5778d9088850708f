import { Writer } from "#core/canvas/bytes"
import { readDown, writeTold, writeUp, type Told } from "#core/canvas/frame"
import { CanvasDown, window } from "#core/canvas/messages"
import { Refs } from "#core/canvas/refs"
import type { Snapshot } from "#core/canvas/talk"
import { clock, handAt, type Person, type Tally } from "./people.ts"
import { LeanSocket } from "./socket.ts"

type Coming = { url: string; token: string; name: string; drags: string | undefined; reads: boolean }

/** A window of ours. */
export class OurPerson implements Person {
  private readonly tally: Tally
  private readonly coming: Coming
  private socket: LeanSocket | undefined
  private refs = new Refs([])
  private number = 0
  private counter = 0
  private acked = 0
  private parts: string[] = []
  private ready: () => void = () => {}

  private constructor(coming: Coming, tally: Tally) {
    this.coming = coming
    this.tally = tally
  }

  /** Comes in, and knows the document. */
  static async come(coming: Coming, tally: Tally): Promise<OurPerson> {
    const person = new OurPerson(coming, tally)
    const isReady = new Promise<void>((resolve) => (person.ready = resolve))
    const headers = { authorization: `Bearer ${coming.token}`, origin: new URL(coming.url).origin }
    person.socket = await LeanSocket.open(`${coming.url}?client=${coming.name}`, headers, (data) =>
      typeof data === "string" ? person.words(data) : person.frame(data),
    )
    person.socket.gone = () => tally.closed++
    await isReady
    return person
  }

  private words(text: string): void {
    const message = CanvasDown.parse(JSON.parse(text))
    if (message.type === "welcome") this.number = message.client
    if (message.type === "state") {
      this.parts.push(message.text)
      if (this.parts.length < message.parts) return
      const { ids } = JSON.parse(this.parts.join("")) as Snapshot
      this.refs = new Refs(ids)
    }
    if (message.type !== "caught_up") return
    if (!this.coming.reads) this.socket!.hear = undefined
    this.ready()
  }

  private frame(bytes: Uint8Array): void {
    const { edits } = readDown(bytes, this.refs)
    const now = clock()
    if (edits.length > 0) this.tally.downBytes += this.editBytes(edits)
    for (const { client, counter } of edits)
      if (client !== this.number) this.tally.hear(`${client} ${counter}`, now)
  }

  /** What the edits of a frame take in it, with what a frame has for them alone. */
  private editBytes(edits: readonly Told[]): number {
    const to = new Writer()
    for (const one of edits) writeTold(to, one, this.refs)
    return to.length + 6
  }

  tick(now: number): void {
    const { bytes } = this.socket!
    const isDue = bytes - this.acked >= window.ackEvery
    if (isDue) this.acked = bytes
    const ack = isDue ? bytes : undefined
    const cursor = handAt(now)
    const { drags } = this.coming
    if (drags === undefined) {
      this.socket!.send(writeUp({ edits: [], presence: { cursor }, ack }, this.refs))
      return
    }
    const counter = ++this.counter
    const edits = [{ counter, operation: { type: "move" as const, moves: [{ id: drags, ...cursor }] } }]
    this.tally.say(`${this.number} ${counter}`, writeUp({ edits }, this.refs).length)
    this.socket!.send(writeUp({ edits, presence: { cursor }, ack }, this.refs))
  }

  leave(): void {
    this.socket?.close()
  }
}
