import type { CanvasState } from "./canvas.ts"
import { noChanges, type Changes } from "./changes.ts"
import { Gap, type CanvasClient } from "./client.ts"
import { readDown, writeUp, type Presence } from "./frame.ts"
import { partsOf, type OperationOf } from "./operation.ts"
import { CanvasDown, window, type Person } from "./messages.ts"

/** What a snapshot holds. */
export type Snapshot = { seq: number; ids: string[]; state: CanvasState }

/** What somebody who watches a canvas is told. */
export type Hears = {
  changed(changes: Changes): void
  /** Somebody moved; a part that is absent is as it was. */
  presence(client: number, presence: Presence): void
  people(people: ReadonlyMap<number, Person>): void
  refused(fault: { code: string; message: string }, counter: number | undefined): void
  text(opened: Extract<CanvasDown, { type: "text" }>): void
  /** A text that may be open here was written in: its document takes the update, which is harmless when it is one's own. */
  wrote(operation: OperationOf<"text">): void
}

/**
 * One connection's talk: what is heard goes into the client, what the client has to say comes out. The socket itself, and when to
 * come back, is its owner's.
 */
export class Talk {
  readonly people = new Map<number, Person>()
  /** Whether everything up to the present has been heard. */
  isReady = false
  mayEdit = false
  private readonly client: CanvasClient
  private readonly hears: Hears
  private readonly parts: string[] = []
  private seen = 0
  private refused: readonly number[] = []
  private bytes = 0
  private acked = 0

  constructor(client: CanvasClient, hears: Hears) {
    this.client = client
    this.hears = hears
    client.lost()
  }

  /** Takes a message in. Throws Gap when something is missing: then the socket is to be opened anew. */
  hear(message: string | Uint8Array): void {
    if (typeof message === "string") this.heardWords(CanvasDown.parse(JSON.parse(message)))
    else this.heardFrame(message)
  }

  private heardFrame(bytes: Uint8Array): void {
    this.bytes += bytes.length
    const { first, edits, people } = readDown(bytes, this.client.refs)
    if (edits.length > 0) this.hears.changed(this.client.receive(first, edits))
    for (const { operation } of edits)
      for (const part of partsOf(operation)) if (part.type === "text") this.hears.wrote(part)
    for (const { client, presence } of people)
      if (client !== this.client.number) this.hears.presence(client, presence)
  }

  private heardWords(message: CanvasDown): void {
    switch (message.type) {
      case "welcome":
        this.client.number = message.client
        this.seen = message.seen
        this.refused = message.refused
        this.mayEdit = message.may_edit
        return
      case "state":
        this.parts.push(message.text)
        if (this.parts.length < message.parts) return
        {
          const { state, ids, seq } = JSON.parse(this.parts.join("")) as Snapshot
          this.parts.length = 0
          this.hears.changed(this.client.reset(state, ids, seq, this.seen, this.refused))
        }
        return
      case "caught_up":
        if (message.seq !== this.client.seq) throw new Gap(`expected edit ${message.seq}`)
        this.isReady = true
        this.hears.changed(this.client.caughtUp(this.seen))
        return
      case "people":
        for (const person of message.came) this.people.set(person.client, person)
        for (const client of message.left) this.people.delete(client)
        this.hears.people(this.people)
        return
      case "may":
        this.mayEdit = message.may_edit
        this.hears.changed(noChanges())
        return
      case "refused":
        if (message.counter !== undefined && message.code === "canvas.name_taken")
          return this.hears.changed(this.client.again(message.counter))
        if (message.counter !== undefined) this.hears.changed(this.client.refused(message.counter))
        this.hears.refused(message, message.counter)
        return
      case "text":
        this.hears.text(message)
        return
      default:
        message satisfies never
    }
  }

  /** What there is to say now, if anything: edits that were not sent, where this person is, and what has been taken in. */
  says(presence?: Presence): Uint8Array<ArrayBuffer> | undefined {
    const edits = this.isReady ? this.client.outgoing() : []
    const isDue = this.bytes - this.acked >= window.ackEvery
    if (edits.length === 0 && !presence && !isDue) return undefined
    const isBehind = this.bytes > this.acked
    if (isBehind) this.acked = this.bytes
    return writeUp({ edits, presence, ack: isBehind ? this.bytes : undefined }, this.client.refs)
  }
}
