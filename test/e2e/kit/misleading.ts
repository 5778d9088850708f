import { once } from "node:events"
import { createServer } from "node:http"

export interface Misleading {
  port: number
  /** Requests so far. */
  received: () => number
  /** An address below `origin` that redirects to `target`, whatever a caller writes behind it. */
  to: (origin: string, status: number, target: string) => string
  close: () => void
}

/** A server that may be called and sends its callers elsewhere; without a target it says that all is well. */
export async function misleading(host: string): Promise<Misleading> {
  let received = 0
  const server = createServer((request, response) => {
    received++
    request.resume()
    const [, status = "", target = ""] = (request.url ?? "").split("/")
    if (!/^30\d$/.test(status)) {
      response.writeHead(200, { "content-type": "application/json" }).end('{"all":"well"}')
      return
    }
    response.writeHead(Number(status), { location: Buffer.from(target, "base64url").toString() }).end()
  })
  server.listen(0, host)
  await once(server, "listening")
  const bound = server.address()
  return {
    port: typeof bound === "object" && bound ? bound.port : 0,
    received: () => received,
    to: (origin, status, target) => `${origin}/${status}/${Buffer.from(target).toString("base64url")}`,
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}
