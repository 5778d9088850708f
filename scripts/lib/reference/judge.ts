import { spawn, type ChildProcess } from "node:child_process"
import { createServer, request, type IncomingHttpHeaders } from "node:http"
import type { AddressInfo } from "node:net"
import { freePort, host } from "../ports.ts"
import { published } from "./published.ts"
import { hopByHop, type Exchange } from "./tap.ts"

/** What Prism says of an exchange. */
interface Violation {
  location: string[]
  message: string
}

const exchangeHeader = "x-tap-exchange"
const violationHeader = "sl-violations"
const mostAtOnce = 4

/** The methods that HTTP itself lends to every address are in no document. */
const lent = new Set(["HEAD", "OPTIONS"])

/** Addresses with a % that begins nothing: no document has them, and Prism dies of them. */
function isDecodable(path: string): boolean {
  try {
    return decodeURIComponent(path) !== ""
  } catch {
    return false
  }
}

/** Whether the document says anything of it: pages, hooks and the doors for other clients stand beside the API. */
export const isJudged = ({ method, path, status }: Exchange): boolean =>
  path.startsWith("/api/v1/") && isDecodable(path) && !lent.has(method) && status !== 101

/** Whether the server has said no: then what was asked may be wrong on purpose, and only the answer is held to the document. */
const isRefused = ({ status }: Exchange): boolean => status >= 400

/**
 * What is wrong of what Prism says. A request that was taken must be as the document describes it; the answer must be so in
 * any case; an address that the document does not have must be refused as unknown.
 */
export function faultsOf(exchange: Exchange, violations: readonly Violation[]): string[] {
  return violations
    .filter(({ location: [part], message }) => {
      if (part !== "request") return true
      if (message === "Selected route not found") return exchange.status !== 404 && exchange.status !== 405
      return !isRefused(exchange)
    })
    .map(({ location, message }) => `${location.join(".")}: ${message}`)
}

/** Too much for a header is cut off by Prism: then what is there is told as it is. */
function violationsIn(headers: IncomingHttpHeaders): Violation[] {
  const said = headers[violationHeader]
  if (said === undefined) return []
  const text = String(said)
  return text.startsWith("[")
    ? (JSON.parse(text) as Violation[])
    : [{ location: ["response"], message: text.slice(0, 2_000) }]
}

/** What is sent to Prism: of a request that was refused, the address alone. */
function sentOf(exchange: Exchange): { path: string; headers: string[]; body: Buffer } {
  const { path, asked } = exchange
  if (isRefused(exchange)) return { path: path.split("?")[0]!, headers: [], body: Buffer.alloc(0) }
  const kept: string[] = []
  for (let i = 0; i < asked.headers.length; i += 2) {
    const name = asked.headers[i]!.toLowerCase()
    if (!["content-length", "accept-encoding", "expect"].includes(name))
      kept.push(asked.headers[i]!, asked.headers[i + 1]!)
  }
  return { path, headers: kept, body: asked.body }
}

/** Answers Prism as the server has answered before, so that it judges what was, and nothing happens twice. */
async function startReplay(waiting: ReadonlyMap<string, Exchange>) {
  const server = createServer((asked, answer) => {
    asked.resume()
    const found = waiting.get(String(asked.headers[exchangeHeader]))
    if (!found) {
      answer.writeHead(502).end()
      return
    }
    const { status, told } = found
    const headers: string[] = []
    for (let i = 0; i < told.headers.length; i += 2) {
      if (!hopByHop.has(told.headers[i]!.toLowerCase())) headers.push(told.headers[i]!, told.headers[i + 1]!)
    }
    answer.writeHead(status, headers).end(told.body)
  })
  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  const { port } = server.address() as AddressInfo
  return { address: `http://${host}:${port}`, close: () => void server.close() }
}

/** Prism as a process. `ended` gives its last words once it is over. */
interface Prism {
  port: number
  child: ChildProcess
  ended: Promise<string>
}

async function startPrism(document: string, upstream: string): Promise<Prism> {
  const program = await published("@stoplight/prism-cli", "5.16.0", "dist/index.js")
  const port = await freePort(9_690)
  const child = spawn(
    process.execPath,
    [program, "proxy", document, upstream, "-p", String(port), "-h", host, "--cors=false", "--errors=false"],
    { stdio: ["ignore", "pipe", "pipe"] },
  )
  process.once("exit", () => child.kill("SIGKILL"))
  let output = ""
  const ended = new Promise<string>((resolve) => child.once("close", () => resolve(output)))
  await new Promise<void>((resolve, reject) => {
    const hear = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-4_000)
      if (output.includes("Prism is listening")) resolve()
    }
    child.stdout.on("data", hear)
    child.stderr.on("data", hear)
    void ended.then((words) => reject(new Error(`Prism ended:\n${words}`)))
  })
  return { port, child, ended }
}

/** A Prism that is started anew when it dies: one exchange that it cannot bear must not keep the others from being judged. */
async function keepPrism(document: string, upstream: string) {
  let prism = await startPrism(document, upstream)
  let [isOver, words] = [false, ""]
  let renewed: Promise<void> | undefined
  const renew = async (): Promise<void> => {
    words = await prism.ended
    prism = await startPrism(document, upstream)
    renewed = undefined
  }
  return {
    get port(): number {
      return prism.port
    },
    /** Once it answers again, after a request that it did not answer; its last words before. */
    async again(): Promise<string> {
      const { port, child } = prism
      // It may have been asked a moment before it was over.
      await Promise.race([prism.ended, new Promise((resolve) => setTimeout(resolve, 2_000))])
      const isDead = child.exitCode !== null || child.signalCode !== null
      if (isDead && !isOver && prism.port === port) await (renewed ??= renew())
      return words
    },
    close(): void {
      isOver = true
      prism.child.kill()
    },
  }
}

/** Asks Prism, a validating proxy that others publish, what it thinks of exchanges. */
export async function startJudge(document: string) {
  const waiting = new Map<string, Exchange>()
  const replay = await startReplay(waiting)
  const prism = await keepPrism(document, replay.address)
  let count = 0

  const ask = (id: string, exchange: Exchange): Promise<string[]> =>
    new Promise((resolve, reject) => {
      const { path, headers, body } = sentOf(exchange)
      // Said also of none: Node would send it in chunks, and Prism read it as a body.
      const length = exchange.method === "GET" ? [] : ["content-length", String(body.length)]
      const asked = request(
        {
          host,
          port: prism.port,
          method: exchange.method,
          path,
          headers: ["Host", `${host}:${prism.port}`, ...headers, ...length, exchangeHeader, id],
        },
        (answer) => {
          answer.resume()
          answer.once("error", reject)
          answer.once("end", () => {
            const isSame = answer.statusCode === exchange.status
            const told = faultsOf(exchange, violationsIn(answer.headers))
            resolve(isSame ? told : [`was not judged: Prism answered ${answer.statusCode}`, ...told])
          })
        },
      )
      asked.once("error", reject)
      asked.end(body)
    })

  return {
    /** The faults of one exchange. */
    async judge(exchange: Exchange): Promise<string[]> {
      const id = String(++count)
      waiting.set(id, exchange)
      try {
        return await ask(id, exchange).catch(async (error: unknown) => {
          const words = await prism.again()
          // Others are on their way at the same time: it may have been one of them.
          return ask(id, exchange).catch(() => {
            throw new Error(`${String(error)}; Prism's last words: ${words.slice(-500)}`)
          })
        })
      } finally {
        waiting.delete(id)
      }
    },
    close(): void {
      prism.close()
      replay.close()
    },
  }
}

/** Judges exchanges as they come, a few at once. */
export function inTurn(judge: (exchange: Exchange) => Promise<string[]>) {
  const queue: Exchange[] = []
  const found: string[] = []
  let [active, judged] = [0, 0]
  let drained: (() => void) | undefined

  const next = (): void => {
    while (active < mostAtOnce) {
      const exchange = queue.shift()
      if (!exchange) break
      active += 1
      void judge(exchange)
        .catch((error: unknown) => [`was not judged: ${String(error)}`])
        .then((faults) => {
          const what = `${exchange.method} ${exchange.path.split("?")[0]} ${exchange.status}`
          for (const fault of faults) found.push(`${what}: ${fault}`)
          judged += 1
          active -= 1
          next()
        })
    }
    if (active === 0 && queue.length === 0) drained?.()
  }
  return {
    add(exchange: Exchange): void {
      if (!isJudged(exchange)) return
      queue.push(exchange)
      next()
    },
    /** What was found when all of them are through. */
    async end(): Promise<{ judged: number; found: string[] }> {
      if (active > 0 || queue.length > 0) await new Promise<void>((resolve) => (drained = resolve))
      return { judged, found }
    },
  }
}
