import { draftOf, stateOf } from "#core/canvas/canvas"
import { CanvasClient, Gap } from "#core/canvas/client"
import type { CanvasFault } from "#core/canvas/faults"
import type { Presence } from "#core/canvas/frame"
import type { Person } from "#core/canvas/messages"
import type { Operation, OperationOf } from "#core/canvas/operation"
import { Talk } from "#core/canvas/talk"
import { stable } from "#core/flow/diff"

/** A socket as browsers, workerd and `ws` have it. */
export type Wire = {
  send(data: string | Uint8Array<ArrayBuffer>): void
  close(code?: number): void
  onMessage(hear: (data: string | Uint8Array) => void): void
  onClose(gone: (code: number) => void): void
}

export type Opening = { client: string; since?: number }
export type Opened = { node: string; field: string; epoch: number; state: string }

/** Somebody's window with a canvas open, as the page has it but without the page. */
export class Window {
  readonly id: string
  readonly client: CanvasClient
  readonly refusals: { code: string; message: string; counter: number | undefined }[] = []
  readonly presence = new Map<number, Presence>()
  readonly texts: Opened[] = []
  readonly writings: OperationOf<"text">[] = []
  people: ReadonlyMap<number, Person> = new Map()
  talk: Talk | undefined
  /** The code that the server closed with last. */
  code: number | undefined
  /** Told of every frame. */
  onHeard: () => void = () => {}
  private wire: Wire | undefined
  private readonly open: (opening: Opening) => Promise<Wire>

  constructor(id: string, open: (opening: Opening) => Promise<Wire>, client = new CanvasClient()) {
    this.id = id
    this.open = open
    this.client = client
  }

  get isOpen(): boolean {
    return this.wire !== undefined
  }

  /** Comes in, or comes back with what it has. */
  async come(): Promise<this> {
    const { since } = this.client
    const wire = await this.open({ client: this.id, ...(since === undefined ? {} : { since }) })
    const talk = new Talk(this.client, {
      changed: () => {},
      presence: (client, presence) =>
        void this.presence.set(client, { ...this.presence.get(client), ...presence }),
      people: (people) => (this.people = people),
      refused: ({ code, message }, counter) => void this.refusals.push({ code, message, counter }),
      text: (opened) => void this.texts.push(opened),
      wrote: (operation) => void this.writings.push(operation),
    })
    this.wire = wire
    this.talk = talk
    this.code = undefined
    wire.onMessage((data) => {
      if (this.wire !== wire || data === "pong") return
      try {
        talk.hear(data)
      } catch (error) {
        if (!(error instanceof Gap)) throw error
        this.leave()
        return
      }
      this.say()
      this.onHeard()
    })
    wire.onClose((code) => {
      if (this.wire !== wire) return
      this.wire = undefined
      this.code = code
    })
    return this
  }

  /** Goes without a word. */
  leave(): void {
    this.wire?.close()
    this.wire = undefined
  }

  edit(operation: Operation, group?: string): CanvasFault | undefined {
    const { fault } = this.client.edit(operation, { group })
    this.say()
    return fault
  }

  undo(): void {
    this.client.undo()
    this.say()
  }

  redo(): void {
    this.client.redo()
    this.say()
  }

  /** Says what there is to say. */
  say(presence?: Presence): void {
    const frame = this.wire && this.talk?.says(presence)
    if (frame) this.wire?.send(frame)
  }

  /** Sends something as it is. */
  sendRaw(data: string | Uint8Array<ArrayBuffer>): void {
    this.wire?.send(data)
  }

  get isSettled(): boolean {
    return this.talk?.isReady === true && this.client.waiting === 0
  }

  get draft() {
    return draftOf(this.client.canvas)
  }

  /** What it shows, as a text that is equal where the documents are. */
  get fingerprint(): string {
    return fingerprint(this.client)
  }
}

export function fingerprint({ canvas }: Pick<CanvasClient, "canvas">): string {
  const { fields, nodes, edges, threads } = stateOf(canvas)
  const byId = (a: { id: string }, b: { id: string }): number => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
  return stable({
    fields,
    nodes: nodes.toSorted(byId),
    edges: edges.toSorted(byId),
    threads: threads.toSorted(byId),
  })
}
