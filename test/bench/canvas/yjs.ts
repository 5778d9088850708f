import * as Y from "yjs"
import { Reader, Writer } from "#core/canvas/bytes"
import { clock, handAt, type Person, type Tally } from "./people.ts"
import { LeanSocket } from "./socket.ts"

/** What hocuspocus says over its socket: a document's name, a kind, and bytes of Yjs; whose numbers and texts are written as ours are. */
const kinds = { sync: 0, awareness: 1, auth: 2, syncStatus: 8 } as const
const syncs = { step1: 0, step2: 1, update: 2 } as const

export const documentName = "flow"
export const nodesName = "nodes"

type Coming = { url: string; drags: string | undefined; reads: boolean }

const message = (kind: number): Writer => new Writer().text(documentName).count(kind)

/** A window of hocuspocus, which speaks its protocol without its provider. */
export class YjsPerson implements Person {
  private readonly coming: Coming
  private readonly tally: Tally
  private readonly doc = new Y.Doc()
  private socket: LeanSocket | undefined
  private presences = 0
  private ready: () => void = () => {}

  private constructor(coming: Coming, tally: Tally) {
    this.coming = coming
    this.tally = tally
  }

  static async come(coming: Coming, tally: Tally): Promise<YjsPerson> {
    const person = new YjsPerson(coming, tally)
    const isReady = new Promise<void>((resolve) => (person.ready = resolve))
    const socket = await LeanSocket.open(coming.url, {}, (data) => {
      if (typeof data !== "string") person.hear(data)
    })
    person.socket = socket
    socket.gone = () => tally.closed++
    socket.send(message(kinds.auth).count(0).text("").text("4.7.0").done())
    const vector = Y.encodeStateVector(person.doc)
    socket.send(message(kinds.sync).count(syncs.step1).blob(vector).done())
    await isReady
    person.doc.on("update", (update: Uint8Array) => person.said(update))
    return person
  }

  private hear(data: Uint8Array): void {
    const from = new Reader(data)
    from.text()
    if (from.count() !== kinds.sync) return
    const sync = from.count()
    if (sync === syncs.step2) {
      Y.applyUpdate(this.doc, from.blob())
      if (!this.coming.reads) this.socket!.hear = undefined
      this.ready()
    }
    if (sync !== syncs.update) return
    const { structs } = Y.decodeUpdate(from.blob())
    const now = clock()
    this.tally.downBytes += data.length
    for (const { id, length } of structs)
      for (let i = 0; i < length; i++) this.tally.hear(`${id.client} ${id.clock + i}`, now)
  }

  private said(update: Uint8Array): void {
    const frame = message(kinds.sync).count(syncs.update).blob(update).done()
    const { clientID } = this.doc
    this.tally.say(`${clientID} ${Y.getState(this.doc.store, clientID) - 1}`, frame.length)
    this.socket!.send(frame)
  }

  tick(now: number): void {
    const { x, y } = handAt(now)
    const { drags } = this.coming
    if (drags !== undefined) {
      const node = this.doc.getMap<Y.Map<unknown>>(nodesName).get(drags)
      node?.set("position", { x, y })
    }
    const state = new Writer()
      .count(1)
      .count(this.doc.clientID)
      .count(++this.presences)
    state.text(JSON.stringify({ cursor: { x, y } }))
    this.socket!.send(message(kinds.awareness).blob(state.done()).done())
  }

  leave(): void {
    this.socket?.close()
    this.doc.destroy()
  }
}
