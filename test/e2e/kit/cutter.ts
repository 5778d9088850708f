import { createServer, request, type IncomingMessage, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"

/** A line to a server on which every stream is cut after a while: what is between breaks, not what is at its ends. */
export class Cutter {
  readonly address: string
  /** How often a stream was cut. */
  cuts = 0
  readonly #close: () => Promise<void>

  private constructor(address: string, close: () => Promise<void>) {
    this.address = address
    this.#close = close
  }

  static async before(server: string, afterMs: number): Promise<Cutter> {
    let cutter: Cutter | undefined
    const { hostname, port } = new URL(server)
    const line = createServer((from, to) => {
      const { method, headers, url: path } = from
      const onward = request({ hostname, port, method, headers, path }, (answer) => {
        to.writeHead(answer.statusCode ?? 502, answer.headers)
        if (isStream(answer)) {
          const timer = setTimeout(() => {
            if (cutter) cutter.cuts++
            to.socket?.destroy()
            onward.destroy()
          }, afterMs)
          to.once("close", () => clearTimeout(timer))
        }
        answer.pipe(to)
      })
      onward.on("error", () => to.socket?.destroy())
      leaveWith(to, () => onward.destroy())
      from.pipe(onward)
    })
    await new Promise<void>((resolve) => line.listen(0, "127.0.0.1", resolve))
    const { port: own } = line.address() as AddressInfo
    cutter = new Cutter(`http://127.0.0.1:${own}`, async () => {
      line.closeAllConnections()
      await new Promise((resolve) => line.close(resolve))
    })
    return cutter
  }

  close(): Promise<void> {
    return this.#close()
  }
}

const isStream = ({ headers }: IncomingMessage): boolean =>
  headers["content-type"]?.startsWith("text/event-stream") === true

const leaveWith = (to: ServerResponse, leave: () => void): void => {
  to.once("close", () => {
    if (!to.writableFinished) leave()
  })
}
