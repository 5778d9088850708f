import { createServer, type IncomingMessage } from "node:http"
import type { AddressInfo } from "node:net"
import { setTimeout as sleep } from "node:timers/promises"

/** Something that was done because somebody asked for it. */
export type Effect = {
  /** What it is, as the address says: `/effects/<name>`. One that begins with `fails/` is answered 503. */
  name: string
  key: string | undefined
  method: string
  body: unknown
}

/** One request as it came; one key may come many times. */
export type Sent = {
  name: string
  key: string | undefined
  method: string
  /** By `performance.now()`; `closed` when its connection went before the answer was whole. */
  at: number
  closed: number | undefined
  answered: number | undefined
}

/** How far a request has come. */
export type Phase = "arrived" | "acted" | "answered"

export type Receiver = {
  /** `http://host:port/effects` */
  url: string
  /** `host:port`, as an egress allow-list names it. */
  host: string
  /** What was done: once for each key, as a receiver does that honours `Idempotency-Key`, and each time without one. */
  effects: Effect[]
  sent: Sent[]
  /** Milliseconds that each request takes between its deed and its answer. */
  pace: (sent: Sent) => number
  /** Told how far each request has come; "drop" leaves it there, unanswered. */
  hear: (phase: Phase, sent: Sent) => "drop" | void
  close: () => Promise<void>
}

const isKeyed = ({ method }: Pick<Sent, "method">): boolean => method !== "GET" && method !== "HEAD"

async function textOf(request: IncomingMessage): Promise<string> {
  let text = ""
  for await (const piece of request.setEncoding("utf8")) text += String(piece)
  return text
}

/** A server that does what it is asked to, once for each key, and counts: who executes twice is seen here. */
export async function startReceiver({ port = 0 } = {}): Promise<Receiver> {
  const receiver: Omit<Receiver, "url" | "host" | "close"> = {
    effects: [],
    sent: [],
    pace: () => 0,
    hear: () => {},
  }
  const answers = new Map<string, string>()
  const server = createServer((request, response) => {
    void (async () => {
      const body = await textOf(request)
      const key = request.headers["idempotency-key"]
      const sent: Sent = {
        name: decodeURIComponent(
          new URL(request.url ?? "/", "http://receiver").pathname.replace("/effects/", ""),
        ),
        key: Array.isArray(key) ? key[0] : key,
        method: request.method ?? "GET",
        at: performance.now(),
        closed: undefined,
        answered: undefined,
      }
      receiver.sent.push(sent)
      const left = (): void => void (sent.closed ??= performance.now())
      request.socket.once("end", left)
      response.on("close", () => {
        request.socket.off("end", left)
        if (!response.writableFinished) left()
      })
      if (receiver.hear("arrived", sent) === "drop") return
      const answer = act(sent, body)
      if (receiver.hear("acted", sent) === "drop") return
      await sleep(receiver.pace(sent))
      const status = sent.name.startsWith("fails/") ? 503 : 200
      response.writeHead(status, { "content-type": "application/json" }).end(answer, () => {
        sent.answered = performance.now()
        receiver.hear("answered", sent)
      })
    })().catch(() => response.destroy())
  })
  function act(sent: Sent, body: string): string {
    const known = sent.key === undefined || !isKeyed(sent) ? undefined : answers.get(sent.key)
    if (known !== undefined) return known
    const { name, key, method } = sent
    const answer = JSON.stringify({ done: name.split("/").slice(1).join("/") })
    receiver.effects.push({ name, key, method, body: body === "" ? undefined : JSON.parse(body) })
    if (sent.key !== undefined && isKeyed(sent)) answers.set(sent.key, answer)
    return answer
  }
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve))
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return Object.assign(receiver, {
    host,
    url: `http://${host}/effects`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  })
}
