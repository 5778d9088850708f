import { once } from "node:events"
import { mkdtempSync, rmSync } from "node:fs"
import { createServer as createHttp, type IncomingMessage, request, type ServerResponse } from "node:http"
import { createServer as createHttps } from "node:https"
import type { AddressInfo, Server, Socket } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { connect as connectTls, type TLSSocket } from "node:tls"
import { afterEach, beforeEach } from "vitest"
import { RunRequest } from "../../../core/contract/sandbox.ts"
import { Authority } from "../../../sandbox-runner/egress/authority.ts"
import { EgressGateway, type GatewayOptions } from "../../../sandbox-runner/egress/gateway.ts"
import { Metrics } from "../../../sandbox-runner/metrics.ts"
import { ssrfUrls } from "../../kit/ssrf-urls.ts"
import { nameServer, type Zone } from "./dns.ts"

const closing: (() => unknown)[] = []
let dir = ""

/** Does this after the test, the last asked for first. */
export const later = (close: () => unknown): void => void closing.push(close)

/** Where the proxies' sockets lie. */
export const socketFolder = (): string => join(dir, "egress")

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "edgecrew-egress-"))
})
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
  rmSync(dir, { recursive: true, force: true })
})
export async function listen(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  later(() => void server.close())
  return (server.address() as AddressInfo).port
}

type Seen = { url: string | undefined; headers: IncomingMessage["headers"]; body: string }
/** The authority of the outside world in these tests. */
export const theirs = new Authority()

/** A host of the outside world, which tells what reached it. */
export async function origin(name: string, isTls: boolean) {
  const seen: Seen[] = []
  const answer = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    let body = ""
    for await (const chunk of req) body += String(chunk)
    seen.push({ url: req.url, headers: req.headers, body })
    if (req.url === "/away") res.writeHead(302, { location: "http://169.254.169.254/latest" }).end()
    else if (req.url?.startsWith("/large") === true) res.end(Buffer.alloc(5_000_000))
    else res.end(`hello from ${name}`)
  }
  const onRequest = (req: IncomingMessage, res: ServerResponse): void => void answer(req, res)
  const server = isTls
    ? createHttps({ SNICallback: (host, done) => done(null, theirs.contextFor(host)) }, onRequest)
    : createHttp(onRequest)
  const port = await listen(server)
  return { seen, port, at: `${name}:${port}` }
}

export async function gateway(zone: Zone, more: Partial<GatewayOptions> = {}) {
  const dns = await nameServer(zone)
  later(dns.close)
  const log: string[] = []
  const open = new EgressGateway({
    dir: join(dir, "egress"),
    dns: [dns.address],
    allow: [],
    metrics: new Metrics(),
    log: (line) => log.push(line),
    roots: theirs.certificate,
    ...more,
  })
  const way = async (allow: string[], inject: { to: string; header: string; value: string }[] = []) => {
    const parsed = RunRequest.parse({
      language: "python",
      code: "",
      network: { mode: "allow", allow: ["x.example:1"] },
    })
    const { egress, files, close } = await open.open("run_1", {
      ...parsed,
      network: { mode: "allow", allow, inject },
    })
    later(close)
    const credentials = new URL(egress.env["HTTPS_PROXY"] ?? "").password
    return { ...egress, files, credentials, close }
  }
  return { way, log, dns }
}

interface Way {
  socketPath: string
  credentials: string
}
export const authorization = (way: Way): string =>
  `Basic ${Buffer.from(`run:${way.credentials}`).toString("base64")}`

/** CONNECT through the proxy: the status, and the tunnel if there is one. */
export async function tunnel(
  way: Way,
  target: string,
  auth = authorization(way),
): Promise<{ status: number; why: unknown; socket: Socket }> {
  const req = request({
    socketPath: way.socketPath,
    method: "CONNECT",
    path: target,
    headers: { "proxy-authorization": auth },
    agent: false,
  })
  req.end()
  const [res, socket] = (await once(req, "connect")) as [IncomingMessage, Socket]
  later(() => socket.destroy())
  return { status: res.statusCode ?? 0, why: res.headers["x-edgecrew-egress"], socket }
}

export async function get(way: Way, url: string, headers: Record<string, string> = {}, body = "") {
  const req = request({
    socketPath: way.socketPath,
    method: body === "" ? "GET" : "POST",
    path: url,
    headers: { "proxy-authorization": authorization(way), ...headers },
    agent: false,
  })
  req.end(body)
  const [res] = (await once(req, "response")) as [IncomingMessage]
  let text = ""
  for await (const chunk of res) text += String(chunk)
  return { status: res.statusCode, why: res.headers["x-edgecrew-egress"], text, headers: res.headers }
}

/** One request over a socket that is open already. */
export async function say(socket: Socket | TLSSocket, text: string): Promise<string> {
  let said = ""
  socket.on("data", (data) => (said += data.toString()))
  socket.write(text)
  await once(socket, "close")
  return said
}

export async function secured(way: Way, host: string, port: number, ca: string): Promise<TLSSocket> {
  const { socket } = await tunnel(way, `${host}:${port}`)
  const open = connectTls({ socket, servername: host, ca })
  await once(open, "secureConnect")
  return open
}

/** Hosts as they could stand in a list: as written, and as a parser reads them. */
function hostsIn(url: string): string[] {
  const raw = /^[a-z]+:[/\\]*(?:[^@/]*@)?([^/:?#]+)/i.exec(url.trim())?.[1] ?? ""
  const read = URL.canParse(url) ? new URL(url).hostname : ""
  return [raw, read].filter((host) => host !== "" && !/(^|\.)example\.(com|org)$/.test(host))
}

/** Every host of the list of addresses that must never be called. */
export const hostsToRefuse = (): string[] => [...new Set(Object.values(ssrfUrls).flat().flatMap(hostsIn))]
