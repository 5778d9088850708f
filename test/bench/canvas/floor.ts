import { clock, type Person, type Tally } from "./people.ts"
import { LeanSocket } from "./socket.ts"

const bytesOf = 20

type Coming = { url: string; index: number; drags: boolean; reads: boolean }

/** A window of the object that only sends on whatever it is sent: no order, nothing kept, no batches. */
export class FloorPerson implements Person {
  private readonly socket: LeanSocket
  private readonly coming: Coming
  private readonly tally: Tally
  private counter = 0

  private constructor(socket: LeanSocket, coming: Coming, tally: Tally) {
    this.socket = socket
    this.coming = coming
    this.tally = tally
    socket.gone = () => tally.closed++
    if (!coming.reads) socket.hear = undefined
  }

  static async come(coming: Coming, tally: Tally): Promise<FloorPerson> {
    const socket = await LeanSocket.open(coming.url, {}, (data) => {
      if (typeof data === "string" || data.length < bytesOf || data.readUInt32LE(4) === 0) return
      tally.hear(`${data.readUInt32LE(0)} ${data.readUInt32LE(4)}`, clock())
      tally.downBytes += data.length
    })
    return new FloorPerson(socket, coming, tally)
  }

  tick(): void {
    const frame = Buffer.alloc(bytesOf)
    frame.writeUInt32LE(this.coming.index, 0)
    if (this.coming.drags) {
      frame.writeUInt32LE(++this.counter, 4)
      this.tally.say(`${this.coming.index} ${this.counter}`, bytesOf)
    }
    this.socket.send(frame)
  }

  leave(): void {
    this.socket.close()
  }
}
