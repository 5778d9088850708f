import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { setTimeout as sleep } from "node:timers/promises"
import { gzipSync } from "node:zlib"

/** A request as it came. */
export type Received = {
  method: string
  path: string
  query: URLSearchParams
  headers: Record<string, string>
  body: string
  /** Its `Idempotency-Key`. */
  key: string | undefined
  /** When the client left before the answer was whole: milliseconds since the request came. */
  leftAfterMs: number | undefined
}

export type HttpServer = {
  url: string
  /** `host:port`, as an egress allow-list names it. */
  host: string
  received: Received[]
  open: number
  close: () => Promise<void>
}

type Seen = {
  request: Received
  response: ServerResponse
  rest: string[]
  /** How many requests of this path came before. */
  earlier: number
}
type Behaviour = (seen: Seen) => void | Promise<void>

const answer = ({ response }: Seen, status: number, type: string, body: string | Buffer): void => {
  response.writeHead(status, { "content-type": type, "set-cookie": "session=1; HttpOnly" }).end(body)
}

const json = (seen: Seen, value: unknown, status = 200): void =>
  answer(seen, status, "application/json", JSON.stringify(value))

const number = (text: string | undefined): number => Number(text ?? 0)

/** What each first part of a path does; the others are its parameters. */
const behaviours: Record<string, Behaviour> = {
  /** Repeats what it was sent, as many test services do. */
  echo: (seen) => {
    const { method, path, query, headers, body } = seen.request
    json(seen, { method, path, query: [...query], headers, body })
  },
  /** `/status/503?retry-after=7&message=…` */
  status: (seen) => {
    const { query } = seen.request
    const wait = query.get("retry-after")
    if (wait !== null) seen.response.setHeader("retry-after", wait)
    const status = number(seen.rest[0])
    json(seen, { error: { message: query.get("message") ?? "no luck" } }, status)
  },
  /** `/flaky/2/any-name` is not well for the first two requests, then is. */
  flaky: (seen) => {
    if (seen.earlier < number(seen.rest[0])) {
      seen.response.setHeader("retry-after", "0")
      return json(seen, { error: { message: "not yet" } }, 503)
    }
    return json(seen, { attempts: seen.earlier + 1 })
  },
  /** `/body?type=…&base64=…&text=…` answers exactly that; `/body/204` with that status. */
  body: ({ request: { query }, response, rest }) => {
    const type = query.get("type")
    if (type !== null) response.setHeader("content-type", type)
    const base64 = query.get("base64")
    response.writeHead(number(rest[0]) || 200, {
      "x-own": "kept",
      connection: "keep-alive, x-hop",
      "x-hop": "1",
    })
    response.end(base64 === null ? (query.get("text") ?? "") : Buffer.from(base64, "base64"))
  },
  /** Answers after so many milliseconds. */
  slow: async (seen) => {
    await sleep(number(seen.rest[0]))
    json(seen, { slept: number(seen.rest[0]) })
  },
  /** Never answers. */
  hang: () => undefined,
  /** Answers a first line and a beginning, and never an end. */
  drip: ({ response, rest }) => {
    response.writeHead(number(rest[0]) || 200, { "content-type": "text/plain" })
    response.write("a beginning")
  },
  /** Breaks off in the middle of what it announced. */
  cut: async ({ response }) => {
    response.writeHead(200, { "content-type": "text/plain", "content-length": "1000" })
    response.write("a beginning")
    await sleep(20)
    response.destroy()
  },
  /** `/redirect/307?to=…`; with `careless` in the query it gives the whole query to the target, as careless servers do. */
  redirect: ({ request: { query }, response, rest }) => {
    const to = query.get("to") ?? "/echo"
    const careless = query.has("careless") ? `?${query.toString()}` : ""
    response.writeHead(number(rest[0]) || 302, { location: `${to}${careless}` }).end()
  },
  /** Redirects to itself so many times more. */
  chain: (seen) => {
    const left = number(seen.rest[0])
    if (left === 0) return json(seen, { arrived: true })
    seen.response.writeHead(302, { location: `/chain/${left - 1}` }).end()
  },
  /** So many bytes, announced or not. */
  big: async ({ request: { query }, response, rest }) => {
    const bytes = number(rest[0])
    const announced = query.has("announced") ? { "content-length": String(bytes) } : {}
    response.writeHead(200, { "content-type": "text/plain", ...announced })
    const piece = Buffer.alloc(65_536, "x")
    for (let left = bytes; left > 0 && !response.destroyed; left -= piece.length) {
      response.write(piece.subarray(0, Math.min(left, piece.length)))
      await sleep(0)
    }
    response.end()
  },
  /** A small answer that unpacks to so many bytes. */
  bomb: ({ response, rest }) => {
    const packed = gzipSync(Buffer.alloc(number(rest[0]), "x"))
    response.writeHead(200, { "content-type": "text/plain", "content-encoding": "gzip" }).end(packed)
  },
}

/**
 * A server for outgoing calls to meet: it records each request as it came and behaves as the path says (`behaviours`). What it
 * does not know it answers with 404, as it should.
 */
export async function startHttpServer({ port = 0 } = {}): Promise<HttpServer> {
  const state = { received: [] as Received[], open: 0 }
  const server = createServer((request, response) => {
    const since = performance.now()
    const url = new URL(request.url ?? "/", "http://server")
    const received: Received = {
      method: request.method ?? "",
      path: url.pathname,
      query: url.searchParams,
      headers: Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
      ),
      body: "",
      key: request.headers["idempotency-key"]?.toString(),
      leftAfterMs: undefined,
    }
    const earlier = state.received.filter((one) => one.path === received.path).length
    state.received.push(received)
    state.open += 1
    response.on("close", () => {
      state.open -= 1
      if (!response.writableFinished) received.leftAfterMs = performance.now() - since
    })
    void bodyOf(request).then(
      (body) => {
        received.body = body
        const [, name = "", ...rest] = url.pathname.split("/")
        const behave = behaviours[name] ?? ((seen: Seen) => json(seen, { error: "not found" }, 404))
        return behave({ request: received, response, rest, earlier })
      },
      () => response.destroy(),
    )
  })
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve))
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return Object.assign(state, {
    url: `http://${host}`,
    host,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  })
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = []
  for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece)
  return Buffer.concat(pieces).toString("utf8")
}
