import { connect, type Socket } from "node:net"

const opcodes = { text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const
const head = 14

type Hear = (data: string | Buffer) => void

/**
 * A WebSocket with nothing to spare, so that a thousand of them cost the machine little beside the server that is measured: frames
 * are masked with zeros, and what nobody reads is counted and passed over.
 */
export class LeanSocket {
  /** Bytes of payload that have come. */
  bytes = 0
  /** Told of whole messages; while there is nobody to be told they are only counted. */
  hear: Hear | undefined
  gone: (code: number) => void = () => {}
  private readonly socket: Socket
  private rest: Buffer = Buffer.alloc(0)
  private toSkip = 0

  private constructor(socket: Socket, rest: Buffer, hear: Hear) {
    this.socket = socket
    this.hear = hear
    socket.on("data", (chunk: Buffer) => this.take(chunk))
    socket.on("close", () => this.gone(1006))
    // Messages may have come with the answer; whoever opened it is to have it in hand first.
    if (rest.length > 0) queueMicrotask(() => this.take(rest))
  }

  static open(url: string, headers: Record<string, string>, hear: Hear): Promise<LeanSocket> {
    const { hostname, port, pathname, search } = new URL(url)
    const lines = Object.entries({
      host: `${hostname}:${port}`,
      connection: "Upgrade",
      upgrade: "websocket",
      "sec-websocket-version": "13",
      "sec-websocket-key": "MDEyMzQ1Njc4OWFiY2RlZg==",
      ...headers,
    }).map(([name, value]) => `${name}: ${value}`)
    return new Promise((resolve, reject) => {
      const socket = connect(Number(port), hostname)
      socket.setNoDelay(true)
      socket.once("error", reject)
      socket.once("connect", () =>
        socket.write(`GET ${pathname}${search} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`),
      )
      let answer = Buffer.alloc(0)
      const read = (chunk: Buffer): void => {
        answer = Buffer.concat([answer, chunk])
        const end = answer.indexOf("\r\n\r\n")
        if (end < 0) return
        socket.off("data", read)
        socket.off("error", reject)
        socket.on("error", () => socket.destroy())
        const status = answer.toString("latin1", 0, answer.indexOf("\r\n"))
        if (!status.includes(" 101 ")) return reject(new Error(`No socket: ${status}`))
        resolve(new LeanSocket(socket, answer.subarray(end + 4), hear))
      }
      socket.on("data", read)
    })
  }

  private take(chunk: Buffer): void {
    let at = 0
    if (this.rest.length > 0) {
      chunk = Buffer.concat([this.rest, chunk])
      this.rest = Buffer.alloc(0)
    }
    while (at < chunk.length) {
      if (this.toSkip > 0) {
        const skipped = Math.min(this.toSkip, chunk.length - at)
        this.toSkip -= skipped
        at += skipped
        continue
      }
      const frame = frameAt(chunk, at)
      const isPassedOver = this.hear === undefined && frame?.opcode === opcodes.binary
      if (!frame || (!isPassedOver && frame.start + frame.length > chunk.length)) {
        this.rest = Buffer.from(chunk.subarray(at))
        return
      }
      at = frame.start
      if (isPassedOver) {
        this.bytes += frame.length
        this.toSkip = frame.length
      } else {
        at += frame.length
        this.message(frame.opcode, chunk.subarray(frame.start, at))
      }
    }
  }

  private message(opcode: number, payload: Buffer): void {
    if (opcode === opcodes.ping) return this.frame(opcodes.pong, payload)
    if (opcode === opcodes.close) {
      this.gone(payload.length >= 2 ? payload.readUInt16BE(0) : 1005)
      this.gone = () => {}
      this.socket.destroy()
      return
    }
    if (opcode === opcodes.binary) this.bytes += payload.length
    this.hear?.(opcode === opcodes.text ? payload.toString() : payload)
  }

  send(payload: Uint8Array): void {
    this.frame(opcodes.binary, payload)
  }

  private frame(opcode: number, payload: Uint8Array): void {
    const frame = Buffer.alloc(head + payload.length)
    frame[0] = 0x80 | opcode
    let at = 2
    if (payload.length < 126) frame[1] = 0x80 | payload.length
    else if (payload.length < 65_536) {
      frame[1] = 0x80 | 126
      at = frame.writeUInt16BE(payload.length, 2)
    } else {
      frame[1] = 0x80 | 127
      at = frame.writeBigUInt64BE(BigInt(payload.length), 2)
    }
    frame.set(payload, at + 4)
    this.socket.write(frame.subarray(0, at + 4 + payload.length))
  }

  close(): void {
    this.gone = () => {}
    this.socket.destroy()
  }
}

/** The frame that begins there; undefined while its head is not all here. */
function frameAt(bytes: Buffer, at: number): { opcode: number; start: number; length: number } | undefined {
  if (bytes.length < at + 2) return undefined
  const opcode = bytes[at]! & 0x0f
  const short = bytes[at + 1]! & 0x7f
  if (short < 126) return { opcode, start: at + 2, length: short }
  const wide = short === 126 ? 2 : 8
  if (bytes.length < at + 2 + wide) return undefined
  const length = wide === 2 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2))
  return { opcode, start: at + 2 + wide, length }
}
