import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http"
import type { Socket } from "node:net"
import type { Duplex } from "node:stream"
import { TLSSocket } from "node:tls"
import type { Injection } from "../../core/contract/sandbox.ts"
import { sameSecret } from "../token.ts"
import type { Authority } from "./authority.ts"
import type { dial } from "./dial.ts"
import { forward } from "./forward.ts"
import { type PublicResolver, Unreachable } from "./resolver.ts"
import { absoluteTarget, connectTarget, nameOf, type Target } from "./target.ts"

export type EgressVerdict =
  | "allowed"
  | "unauthorised"
  | "malformed"
  | "not_allowed"
  | "no_address"
  | "private_address"
  | "no_connection"
  | "too_much"

export interface ProxyOptions {
  /** What the program is told to say, so that no other process of this machine can use its way out. */
  token: string
  allow: readonly string[]
  inject: readonly Injection[]
  resolver: PublicResolver
  authority: Authority
  roots: string | undefined
  /** Connects to one of these addresses. */
  dial: typeof dial
  /** Milliseconds that only rise. */
  now: () => number
  /** Up and down together, for the whole run. */
  maxBytes: number
  /** Told of every connection once it is over. */
  onEnd: (target: string, verdict: EgressVerdict, bytes: { up: number; down: number }, ms: number) => void
}

const idleMs = 120_000
const mostConnections = 64
/** A program that opens connections in a loop, each with a handshake, must not keep the runner from its other work. */
const mostOpenedASecond = 100
/** The first byte of TLS: a handshake record. */
const clientHello = 0x16
const statuses: Record<Exclude<EgressVerdict, "allowed">, [status: number, say: string]> = {
  unauthorised: [407, "This proxy wants the credentials it was given with."],
  malformed: [400, "Ask by CONNECT host:port or by an absolute http:// address."],
  not_allowed: [403, "This host and port are not on the list of this run."],
  no_address: [502, "This host has no address."],
  private_address: [403, "This host leads to an address that is not public."],
  no_connection: [502, "This host does not answer."],
  too_much: [403, "This run has moved as many bytes as it may."],
}

/** The one way out of a run: exact hosts and ports, addresses that were checked, secrets added on the way, every byte counted. */
export class RunProxy {
  readonly #options: ProxyOptions
  readonly #sockets = new Set<Duplex>()
  readonly server: Server
  /** Reads what comes out of tunnels that we speak for. */
  readonly #inner: Server
  readonly #spokenFor = new WeakMap<Duplex, Target & { isTls: boolean }>()
  #bytes = 0
  #second = 0
  #opened = 0

  constructor(options: ProxyOptions) {
    this.#options = options
    this.server = createServer((req, res) => void this.#onRequest(req, res))
    this.server.maxConnections = mostConnections
    this.server.on("connection", (socket: Socket) => {
      if (this.#isHasty()) socket.destroy()
      else this.#hold(socket)
    })
    this.server.on(
      "connect",
      (req: IncomingMessage, socket: Duplex, head: Buffer) => void this.#onConnect(req, socket, head),
    )
    this.server.on("clientError", (_, socket) => socket.destroy())
    this.#inner = createServer((req, res) => void this.#onInner(req, res))
    this.#inner.on("clientError", (_, socket) => socket.destroy())
  }

  close(): void {
    this.server.close()
    for (const socket of this.#sockets) socket.destroy()
  }

  #isHasty(): boolean {
    const second = Math.floor(this.#options.now() / 1_000)
    this.#opened = this.#second === second ? this.#opened + 1 : 1
    this.#second = second
    return this.#opened > mostOpenedASecond
  }

  #hold(socket: Socket | TLSSocket): void {
    this.#sockets.add(socket)
    socket.setTimeout(idleMs, () => socket.destroy())
    socket.on("error", () => socket.destroy())
    socket.once("close", () => this.#sockets.delete(socket))
  }

  #judge(req: IncomingMessage, target: Target | undefined): EgressVerdict {
    const { token, allow, maxBytes } = this.#options
    const [, given = ""] = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(req.headers["proxy-authorization"] ?? "") ?? []
    if (!sameSecret(Buffer.from(given, "base64").toString("latin1"), `run:${token}`)) return "unauthorised"
    if (target === undefined) return "malformed"
    if (!allow.includes(nameOf(target))) return "not_allowed"
    return this.#bytes > maxBytes ? "too_much" : "allowed"
  }

  async #onRequest(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const target = absoluteTarget(req.url ?? "")
    const verdict = this.#judge(req, target)
    if (verdict !== "allowed" || target === undefined) {
      const why = verdict === "allowed" ? "malformed" : verdict
      this.#options.onEnd(target === undefined ? "" : nameOf(target), why, { up: 0, down: 0 }, 0)
      return answer(res, why)
    }
    // Port 443 speaks TLS: a program may leave that to us by writing http://host:443/.
    await this.#pass(req, res, target, target.path, target.port === 443)
  }

  async #onInner(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const target = this.#spokenFor.get(req.socket)
    const path = req.url ?? ""
    if (target === undefined || !path.startsWith("/")) return answer(res, "malformed")
    await this.#pass(req, res, target, path, target.isTls)
  }

  async #pass(
    req: IncomingMessage,
    res: ServerResponse,
    target: Target,
    path: string,
    isTls: boolean,
  ): Promise<void> {
    const since = performance.now()
    const inject = this.#options.inject.filter(({ to }) => to === nameOf(target))
    let raw: Socket | undefined
    let verdict: EgressVerdict = "allowed"
    try {
      raw = await this.#dial(target)
      const isGood = await forward(req, res, raw, { target, path, isTls, inject, roots: this.#options.roots })
      if (!isGood) verdict = this.#isOver ? "too_much" : "no_connection"
    } catch (error) {
      verdict = error instanceof Unreachable ? error.reason : "no_connection"
    }
    if (verdict !== "allowed") answer(res, verdict)
    this.#tell(target, verdict, raw, since)
  }

  async #onConnect(req: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const target = connectTarget(req.url ?? "")
    const verdict = this.#judge(req, target)
    if (verdict !== "allowed" || target === undefined) {
      const why = verdict === "allowed" ? "malformed" : verdict
      this.#options.onEnd(target === undefined ? "" : nameOf(target), why, { up: 0, down: 0 }, 0)
      return refuse(socket, why)
    }
    if (this.#options.inject.some(({ to }) => to === nameOf(target))) this.#speakFor(target, socket, head)
    else await this.#tunnel(target, socket, head)
  }

  /** Reads the program's requests here, so that a secret can be added to them: its TLS ends with us, if it speaks any. */
  #speakFor(target: Target, socket: Duplex, head: Buffer): void {
    const begin = (first: Buffer): void => {
      socket.pause()
      socket.unshift(first)
      const isTls = first[0] === clientHello
      const open = isTls ? this.#unwrap(target, socket) : socket
      this.#spokenFor.set(open, { ...target, isTls: isTls || target.port === 443 })
      this.#inner.emit("connection", open)
      if (!isTls) socket.resume()
    }
    socket.write("HTTP/1.1 200 Connection established\r\n\r\n")
    if (head.length > 0) begin(head)
    else socket.once("data", begin)
  }

  #unwrap(target: Target, socket: Duplex): TLSSocket {
    const secureContext = this.#options.authority.contextFor(target.host)
    const open = new TLSSocket(socket, { isServer: true, secureContext, ALPNProtocols: ["http/1.1"] })
    this.#hold(open)
    return open
  }

  async #tunnel(target: Target, socket: Duplex, head: Buffer): Promise<void> {
    const since = performance.now()
    let far: Socket
    try {
      far = await this.#dial(target)
    } catch (error) {
      const why = error instanceof Unreachable ? error.reason : "no_connection"
      this.#tell(target, why, undefined, since)
      return refuse(socket, why)
    }
    far.once("close", () => {
      socket.destroy()
      this.#tell(target, this.#isOver ? "too_much" : "allowed", far, since)
    })
    socket.once("close", () => far.destroy())
    if (socket.destroyed) {
      far.destroy()
      return
    }
    socket.write("HTTP/1.1 200 Connection established\r\n\r\n")
    far.write(head)
    socket.pipe(far)
    far.pipe(socket)
  }

  async #dial(target: Target): Promise<Socket> {
    const { resolver, dial: connect } = this.#options
    const far = await connect(await resolver.addresses(target.host, target.port), target.port)
    this.#hold(far)
    this.#count(far)
    return far
  }

  /** Counts while the bytes flow: a run that moves too much is cut off, not found out later. */
  #count(far: Socket): void {
    let seen = 0
    const look = setInterval(() => {
      const now = far.bytesRead + far.bytesWritten
      this.#bytes += now - seen
      seen = now
      if (this.#isOver) far.destroy()
    }, 50)
    far.once("close", () => {
      clearInterval(look)
      this.#bytes += far.bytesRead + far.bytesWritten - seen
    })
  }

  get #isOver(): boolean {
    return this.#bytes > this.#options.maxBytes
  }

  #tell(target: Target, verdict: EgressVerdict, far: Socket | undefined, since: number): void {
    const bytes = { up: far?.bytesWritten ?? 0, down: far?.bytesRead ?? 0 }
    this.#options.onEnd(nameOf(target), verdict, bytes, performance.now() - since)
  }
}

type Refused = Exclude<EgressVerdict, "allowed">

function answer(res: ServerResponse, why: Refused): void {
  if (res.headersSent || res.destroyed) {
    res.destroy()
    return
  }
  const [status, say] = statuses[why]
  const more: Record<string, string> =
    why === "unauthorised" ? { "proxy-authenticate": 'Basic realm="edgecrew"' } : {}
  res
    .writeHead(status, {
      "content-type": "text/plain",
      "x-edgecrew-egress": why,
      connection: "close",
      ...more,
    })
    .end(`${say}\n`)
}

function refuse(socket: Duplex, why: Refused): void {
  const [status, say] = statuses[why]
  const more = why === "unauthorised" ? ['proxy-authenticate: Basic realm="edgecrew"'] : []
  const head = [
    `HTTP/1.1 ${status} Refused`,
    `x-edgecrew-egress: ${why}`,
    ...more,
    "content-type: text/plain",
    `content-length: ${say.length + 1}`,
    "connection: close",
  ]
  socket.end(`${head.join("\r\n")}\r\n\r\n${say}\n`)
}
