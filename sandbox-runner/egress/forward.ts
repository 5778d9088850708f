import { type IncomingMessage, request, type ServerResponse } from "node:http"
import { isIP, type Socket } from "node:net"
import { connect as connectTls } from "node:tls"
import type { Injection } from "../../core/contract/sandbox.ts"
import { nameOf, type Target } from "./target.ts"

/** Headers of one connection, which are never passed on (RFC 9110 §7.6.1). */
const hopByHop = new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
])

export interface Forward {
  target: Target
  path: string
  isTls: boolean
  inject: readonly Injection[]
  /** Roots that are trusted in place of the public ones. */
  roots: string | undefined
}

/** Sends a program's request to the host over a connection that was dialled for it, with the secrets it asked for, and its answer back. */
export function forward(
  req: IncomingMessage,
  res: ServerResponse,
  raw: Socket,
  what: Forward,
): Promise<boolean> {
  const { target, isTls, roots } = what
  const socket = isTls
    ? connectTls({
        socket: raw,
        servername: isIP(target.host) === 0 ? target.host : "",
        ALPNProtocols: ["http/1.1"],
        ...(roots === undefined ? {} : { ca: roots }),
      })
    : raw
  return new Promise((resolve) => {
    let isOver = false
    const end = (isGood: boolean): void => {
      if (isOver) return
      isOver = true
      out.destroy()
      raw.destroy()
      resolve(isGood)
    }
    const out = request({
      createConnection: () => socket,
      method: req.method ?? "GET",
      path: what.path,
      headers: headersFor(req, what),
      setHost: false,
    })
    out.once("error", () => end(false))
    out.once("response", (answer) => {
      res.writeHead(answer.statusCode ?? 502, passedOn(answer))
      answer.pipe(res)
      answer.once("error", () => res.destroy())
    })
    res.once("close", () => end(res.writableFinished))
    req.once("error", () => end(false))
    req.pipe(out)
  })
}

/** Name and value in turns, as Node takes them. */
function passedOn(message: IncomingMessage): string[] {
  const named = (message.headers["connection"] ?? "").split(",").map((name) => name.trim().toLowerCase())
  const kept: string[] = []
  for (let at = 0; at + 1 < message.rawHeaders.length; at += 2) {
    const [name = "", value = ""] = message.rawHeaders.slice(at, at + 2)
    if (!hopByHop.has(name.toLowerCase()) && !named.includes(name.toLowerCase())) kept.push(name, value)
  }
  return kept
}

function headersFor(req: IncomingMessage, { target, isTls, inject }: Forward): string[] {
  const replaced = new Set(["host", ...inject.map(({ header }) => header)])
  const kept = passedOn(req)
  const usual = target.port === (isTls ? 443 : 80)
  // The host is ours to say: another one could make whoever answers at this address hand the secret on.
  const headers = ["host", usual ? target.host : nameOf(target)]
  for (let at = 0; at + 1 < kept.length; at += 2) {
    const [name = "", value = ""] = kept.slice(at, at + 2)
    if (!replaced.has(name.toLowerCase())) headers.push(name, value)
  }
  for (const { header, value } of inject) headers.push(header, value)
  if (req.headers["transfer-encoding"] !== undefined) headers.push("transfer-encoding", "chunked")
  headers.push("connection", "close")
  return headers
}
