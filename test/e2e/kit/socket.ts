import { randomBytes } from "node:crypto"
import { request, type IncomingMessage } from "node:http"
import type { Duplex } from "node:stream"
import { Down } from "#core/contract/socket/execution"
import type { ExecutionEvent } from "#core/execution/event"

const text = 1
const closing = 8

interface Frame {
  opcode: number
  payload: Buffer
}

/** Takes whole frames from the front of what was received (RFC 6455 §5.2; a server's frames are not masked). */
function framesOf(received: Buffer): { frames: Frame[]; rest: Buffer } {
  const frames: Frame[] = []
  let rest = received
  for (;;) {
    const short = (rest[1] ?? 0) & 0x7f
    const head = short === 126 ? 4 : short === 127 ? 10 : 2
    if (rest.length < head) return { frames, rest }
    const length =
      short === 126 ? rest.readUInt16BE(2) : short === 127 ? Number(rest.readBigUInt64BE(2)) : short
    if (rest.length < head + length) return { frames, rest }
    frames.push({ opcode: (rest[0] ?? 0) & 0x0f, payload: rest.subarray(head, head + length) })
    rest = rest.subarray(head + length)
  }
}

/** A client's frame: masked, and short, as all that a viewer says is. */
function frameOf(opcode: number, payload: Buffer): Buffer {
  const mask = randomBytes(4)
  const masked = Buffer.from(payload.map((byte, i) => byte ^ (mask[i % 4] ?? 0)))
  return Buffer.concat([Buffer.of(0x80 | opcode, 0x80 | payload.length), mask, masked])
}

/**
 * A viewer on a WebSocket. Written out, because the platform's own hides why a handshake was refused, and tells of a close only
 * when the connection below is gone, which workerd leaves open for ten seconds more.
 */
export class Socket {
  readonly #wire: Duplex
  readonly messages: Down[] = []
  /** The code that the server closed with. */
  code: number | undefined
  #received = Buffer.alloc(0)
  #wake: () => void = () => {}

  private constructor(wire: Duplex, head: Buffer) {
    this.#wire = wire
    wire.on("data", (chunk: Buffer) => this.#hear(chunk))
    wire.on("error", () => wire.destroy())
    this.#hear(head)
  }

  /** Shakes hands; gives the answer instead when the server does not switch protocols. */
  static async open(
    url: string,
    headers: Record<string, string>,
  ): Promise<Socket | { status: number; body: string }> {
    const asking = request(url, {
      headers: {
        connection: "Upgrade",
        upgrade: "websocket",
        "sec-websocket-version": "13",
        "sec-websocket-key": randomBytes(16).toString("base64"),
        ...headers,
      },
    })
    return new Promise((resolve, reject) => {
      asking.on("upgrade", (_, wire: Duplex, head: Buffer) => resolve(new Socket(wire, head)))
      asking.on("response", (response: IncomingMessage) => {
        let body = ""
        response.setEncoding("utf8").on("data", (chunk: string) => (body += chunk))
        response.on("end", () => resolve({ status: response.statusCode ?? 0, body }))
      })
      asking.on("error", reject)
      asking.end()
    })
  }

  #hear(chunk: Buffer): void {
    const { frames, rest } = framesOf(Buffer.concat([this.#received, chunk]))
    this.#received = Buffer.from(rest)
    for (const { opcode, payload } of frames) {
      if (opcode === text) this.messages.push(Down.parse(JSON.parse(payload.toString("utf8"))))
      if (opcode === closing) this.code = payload.readUInt16BE(0)
    }
    this.#wake()
  }

  /** Every event that it was sent. */
  get events(): ExecutionEvent[] {
    return this.messages.flatMap((message) => (message.type === "events" ? message.events : []))
  }

  send(message: unknown): void {
    this.#wire.write(frameOf(text, Buffer.from(JSON.stringify(message))))
  }

  /** Says that everything so far is taken in. */
  ack(): void {
    this.send({ type: "ack", seq: this.events.at(-1)?.seq ?? 0 })
  }

  /** Waits until something holds of what was received. */
  async until(holds: (socket: this) => boolean): Promise<this> {
    while (!holds(this)) await new Promise<void>((resolve) => (this.#wake = resolve))
    return this
  }

  /** Waits for the server to close, and leaves. */
  async closed(): Promise<number> {
    await this.until(({ code }) => code !== undefined)
    this.leave()
    return this.code ?? 0
  }

  /** Goes without a word, as a page that is shut. */
  leave(): void {
    this.#wire.destroy()
  }
}
