import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http"
import type { Duplex } from "node:stream"
import { WebSocketServer } from "ws"
import { afterOf, addressOf, callerOf, ioPath, route, sendJson, type Service } from "./http/routes.ts"
import { joinSocket, maxIoBytes } from "./http/io.ts"
import { asProblem, Problem } from "./problem.ts"

/** The runner's door: HTTP and the io sockets. It does not listen yet. */
export function createDoor(service: Service, log: (line: string) => void): Server {
  const server = createServer(
    { headersTimeout: 10_000, requestTimeout: 60_000, keepAliveTimeout: 65_000, maxHeaderSize: 98_304 },
    (req, res) => void answer(service, req, res, log),
  )
  const sockets = new WebSocketServer({ noServer: true, maxPayload: maxIoBytes, clientTracking: false })
  server.on("upgrade", (req: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on("error", () => socket.destroy())
    try {
      const url = addressOf(req)
      const [, id] = ioPath.exec(url.pathname) ?? []
      if (id === undefined) throw new Problem("route.unknown")
      // Pages of any origin can open sockets; what calls us is no page.
      if (req.headers.origin !== undefined) throw new Problem("auth.refused", "Browsers do not call this.")
      const after = afterOf(url)
      const record = service.runs.find(callerOf(service, req), id)
      if (record.isGathered) throw new Problem("run.unknown")
      sockets.handleUpgrade(req, socket, head, (open) => {
        record.adopt()
        joinSocket(open, record, after)
        open.once("close", () => record.abandon(service.orphanMs))
      })
    } catch (error) {
      refuseUpgrade(service, socket, error)
    }
  })
  server.on("clientError", (_, socket) => {
    if (socket.writable)
      socket.end("HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n")
  })
  return server
}

async function answer(
  service: Service,
  req: IncomingMessage,
  res: ServerResponse,
  log: (line: string) => void,
): Promise<void> {
  try {
    await route(service, req, res)
  } catch (error) {
    const problem = asProblem(error)
    if (problem.code === "runner.fault" && !res.destroyed)
      log(`fault: ${error instanceof Error ? (error.stack ?? "") : String(error)}`)
    service.metrics.refused(problem.code)
    if (res.headersSent || res.destroyed) {
      res.destroy()
      return
    }
    for (const [name, value] of Object.entries(problem.headers)) res.setHeader(name, value)
    // A body that nobody wants to read is not read to its end either.
    if (!req.complete) res.setHeader("connection", "close")
    if (problem.status === 401) res.setHeader("www-authenticate", "Bearer")
    sendJson(res, problem.status, problem.toJson(), "application/problem+json")
  }
}

function refuseUpgrade(service: Service, socket: Duplex, error: unknown): void {
  const problem = asProblem(error)
  service.metrics.refused(problem.code)
  const body = JSON.stringify(problem.toJson())
  socket.end(
    [
      `HTTP/1.1 ${problem.status} Refused`,
      "content-type: application/problem+json",
      `content-length: ${Buffer.byteLength(body)}`,
      "connection: close",
      "",
      body,
    ].join("\r\n"),
  )
}
