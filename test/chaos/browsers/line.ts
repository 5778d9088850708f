import { connect, createServer, type Server, type Socket } from "node:net"
import { freePort, host } from "../../../scripts/lib/ports.ts"

/** The way from one browser to the server, which can be cut: whatever is on it is lost, and nothing new gets through. */
export class LineTo {
  readonly address: string
  private readonly server: Server
  private readonly open = new Set<Socket>()
  private isCut = false

  private constructor(server: Server, port: number) {
    this.server = server
    this.address = `http://${host}:${port}`
  }

  static async lay(to: string, firstPort: number): Promise<LineTo> {
    const target = new URL(to)
    const port = await freePort(firstPort)
    const server = createServer((near) => {
      if (line.isCut) {
        near.destroy()
        return
      }
      const far = connect(Number(target.port), target.hostname)
      for (const [one, other] of [
        [near, far],
        [far, near],
      ] as const) {
        line.open.add(one)
        one.on("error", () => one.destroy())
        one.on("close", () => {
          line.open.delete(one)
          other.destroy()
        })
        one.pipe(other)
      }
    })
    const line = new LineTo(server, port)
    await new Promise<void>((resolve) => server.listen(port, host, resolve))
    return line
  }

  cut(): void {
    this.isCut = true
    for (const socket of this.open) socket.destroy()
  }

  mend(): void {
    this.isCut = false
  }

  close(): void {
    this.cut()
    this.server.close()
  }
}
